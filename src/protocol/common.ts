import * as z from 'zod'
import { push } from './declare.ts'
import * as s from './schemas.ts'

/** What the server tells in every namespace. */
export const commonPushes = {
  'server:draining': push({
    summary: 'This server is about to stop. Connect again after `retryAfterMs`, which differs from player to player.',
    args: z.tuple([z.strictObject({ retryAfterMs: s.durationMs })]),
  }),
  'server:notice': push({
    summary: 'Something that whoever runs the service wants everyone to read.',
    args: z.tuple([z.strictObject({ text: z.string(), at: s.epochMs })]),
  }),
  'session:ended': push({
    summary:
      'The server ends this connection, and why. Last thing before the disconnect: `RATE_LIMITED` for whoever went on over ' +
      'a budget, `FORBIDDEN` for whom an operator has sent away.',
    args: z.tuple([z.strictObject({ code: s.errorCode, message: z.string() })]),
  }),
  refused: push({
    summary: 'The refusal of a request that came without an ack function.',
    args: z.tuple([s.refusedEvent]),
  }),
}
