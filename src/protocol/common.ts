import * as z from 'zod'
import { push } from './declare.ts'
import * as s from './schemas.ts'

/** Pushes of every namespace. */
export const commonPushes = {
  'server:draining': push({
    summary: 'This server is about to stop. Connect again after `retryAfterMs`, which differs from player to player.',
    args: z.tuple([z.strictObject({ retryAfterMs: s.durationMs })]),
  }),
  'server:notice': push({
    summary: 'A text that an operator sends to players.',
    args: z.tuple([z.strictObject({ text: z.string(), at: s.epochMs })]),
  }),
  'session:ended': push({
    summary:
      'Why the server ends this connection; the last event before the disconnect. `RATE_LIMITED` after an overspent budget, ' +
      '`FORBIDDEN` after an operator’s kick.',
    args: z.tuple([z.strictObject({ code: s.errorCode, message: z.string() })]),
  }),
  refused: push({
    summary: 'The refusal of a request that came without an ack function.',
    args: z.tuple([s.refusedEvent]),
  }),
}
