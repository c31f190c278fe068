import * as z from 'zod'
import { push, request } from '../declare.ts'
import * as s from '../schemas.ts'

/** How many characters a message may have. */
export const MAX_TEXT = 500
/** How many messages of a channel are kept. */
export const MAX_HISTORY = 100

// Half a character, or a control character that is neither a new line nor a tab.
const UNSPEAKABLE = /\p{Cs}|[^\P{Cc}\n\t]/u

const messageId = z.string().min(1).max(128)
const text = z
  .string()
  .min(1)
  .refine((given) => !UNSPEAKABLE.test(given), 'no control characters but new lines and tabs')

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

/** What players say to each other, in `/lobby`. */
export const chat = {
  requests: {
    'chat:send': request({
      summary:
        `Says something, 1 to ${MAX_TEXT} characters, to your party, your lobby, your match or one player. It is passed on ` +
        'as it is: show it as text. Who blocks you does not hear it, and you are not told. For a player who is not ' +
        'connected it waits. Five at once, then one a second.',
      payload: z.strictObject({ to: address, text }),
      reply: z.strictObject({ messageId, at: s.epochMs }),
      refusals: [...outside, 'BLOCKED', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'chat:history': request({
      work: 4,
      summary:
        `What was said before you came, the oldest first: the last \`limit\` messages (50), or the last before the one ` +
        `named. The last ${MAX_HISTORY} of a channel are kept, and without those of players you block.`,
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
        'Somebody said something to you, or you did on another tab or device. What waited comes after `session`, in ' +
        'order; should a `messageId` come twice, it is the same message.',
      args: z.tuple([chatMessage]),
    }),
  },
}
