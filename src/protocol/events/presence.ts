import * as z from 'zod'
import { push, request } from '../declare.ts'
import * as s from '../schemas.ts'

/** How many players a connection may watch. */
export const MAX_WATCHED = 200

const status = z.enum(['online', 'queued', 'inMatch', 'offline']).meta({ id: 'PresenceStatus' })
export type PresenceStatus = z.output<typeof status>
const statusOfPlayer = z.strictObject({ playerId: s.playerId, status })

/** What players do about each other, in `/lobby`. */
export const presence = {
  requests: {
    'player:watch': request({
      work: 4,
      summary:
        'How these players are now, and from now on as `player:presence` on this connection. Adds to those it watches ' +
        'already, up to 200; an empty list ends it for all of them.',
      payload: z.strictObject({ playerIds: z.array(s.playerId).max(MAX_WATCHED) }),
      reply: z.strictObject({ presence: z.array(statusOfPlayer) }),
      refusals: ['FORBIDDEN'],
    }),
    'player:block': request({
      summary:
        'Blocks a player, or no longer. You hear nothing of a blocked player any more: no chat, no invitation, and the ' +
        'queue does not match you. They are not told. It is kept; up to 500.',
      payload: z.strictObject({ playerId: s.playerId, blocked: z.boolean() }),
      reply: s.nothing,
      refusals: ['NOT_FOUND', 'FORBIDDEN', 'OVERLOADED', 'UNAVAILABLE'],
    }),
  },
  pushes: {
    'player:presence': push({
      summary:
        'Something else is true of a player whom this connection watches; at most four times a second for each player, ' +
        'and the last one is true.',
      args: z.tuple([statusOfPlayer]),
    }),
  },
}
