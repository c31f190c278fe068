import * as z from 'zod'
import { push, request } from '../declare.ts'
import * as s from '../schemas.ts'

/** The most characters of a message. */
export const MAX_TEXT = 500
/** The number of messages kept for each channel. */
export const MAX_HISTORY = 100

// An unpaired surrogate, or a control character that is neither a new line nor a tab.
const FORBIDDEN_CHARACTER = /\p{Cs}|[^\P{Cc}\n\t]/u

const messageId = z.string().min(1).max(128)
const text = z
  .string()
  .min(1)
  .refine((given) => !FORBIDDEN_CHARACTER.test(given), 'no control characters but new lines and tabs')

const address = z
  .union([
    z.strictObject({ party: z.literal(true) }),
    z.strictObject({ lobby: z.literal(true) }),
    z.strictObject({ match: z.literal(true) }),
    z.strictObject({ playerId: s.playerId }),
  ])
  .meta({ id: 'ChatAddress' })
export type ChatAddress = z.output<typeof address>

export const chatMessage = z
  .strictObject({
    messageId,
    from: z.strictObject({ playerId: s.playerId, name: z.string() }),
    to: address,
    text: z.string(),
    at: s.epochMs,
  })
  .meta({ id: 'ChatMessage' })
export type ChatMessage = z.output<typeof chatMessage>

const outside = ['NOT_IN_PARTY', 'NOT_IN_LOBBY', 'NOT_IN_MATCH', 'NOT_FOUND'] as const

/** Chat between players, in `/lobby`. */
export const chat = {
  requests: {
    'chat:send': request({
      summary:
        `Sends a message of 1 to ${MAX_TEXT} characters to your party, your lobby, your match or one player. It is passed on ` +
        'unchanged: show it as text. Players who block you do not hear it, and you are not told. For a player who is not ' +
        'connected it waits. Five at once, then one a second.',
      payload: z.strictObject({ to: address, text }),
      reply: z.strictObject({ messageId, at: s.epochMs }),
      refusals: [...outside, 'BLOCKED', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'chat:history': request({
      work: 4,
      summary:
        `Earlier messages, oldest first: the last \`limit\` (50), or the last before the message \`before\`. The last ` +
        `${MAX_HISTORY} of a channel are kept; messages of players you block are left out.`,
      payload: z.strictObject({
        to: address,
        before: messageId.optional(),
        limit: z.int().min(1).max(MAX_HISTORY).default(50),
      }),
      reply: z.strictObject({ messages: z.array(chatMessage), hasOlder: z.boolean() }),
      refusals: outside,
    }),
  },
  pushes: {
    'chat:message': push({
      summary:
        'A message to you, or one that you sent on another tab or device. Waiting messages come after `session`, in ' +
        'order. The same `messageId` twice is the same message.',
      args: z.tuple([chatMessage]),
    }),
  },
}
