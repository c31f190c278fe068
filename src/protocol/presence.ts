import * as z from 'zod'
import { request } from './declare.ts'
import * as s from './schemas.ts'

/** What players do about each other, in `/lobby`. */
export const presence = {
  requests: {
    'player:block': request({
      summary:
        'Blocks a player, or no longer. You hear nothing of a blocked player any more: no chat, no invitation. They are ' +
        'not told. It is kept; up to 500.',
      payload: z.strictObject({ playerId: s.playerId, blocked: z.boolean() }),
      reply: s.nothing,
      refusals: ['NOT_FOUND', 'FORBIDDEN', 'OVERLOADED', 'UNAVAILABLE'],
    }),
  },
  pushes: {},
}
