import * as z from 'zod'
import { push, request } from '../declare.ts'
import * as s from '../schemas.ts'

/** The most players that a connection watches. */
export const MAX_WATCHED = 200

const status = z.enum(['online', 'queued', 'inMatch', 'offline']).meta({ id: 'PresenceStatus' })
export type PresenceStatus = z.output<typeof status>
const statusOfPlayer = z.strictObject({ playerId: s.playerId, status })

/** Presence and blocks, in `/lobby`. */
export const presence = {
  requests: {
    'player:watch': request({
      work: 4,
      summary:
        'The status of these players now, and from now on as `player:presence` on this connection. Adds to the players ' +
        'it already watches, up to 200; an empty list stops watching all of them.',
      payload: z.strictObject({ playerIds: z.array(s.playerId).max(MAX_WATCHED) }),
      reply: z.strictObject({ presence: z.array(statusOfPlayer) }),
      refusals: ['FORBIDDEN'],
    }),
    'player:block': request({
      summary:
        'Blocks or unblocks a player. You hear nothing of a blocked player: no chat, no invitation, and the queue does ' +
        'not match you. They are not told. Up to 500 blocks are stored.',
      payload: z.strictObject({ playerId: s.playerId, blocked: z.boolean() }),
      reply: s.nothing,
      refusals: ['NOT_FOUND', 'FORBIDDEN', 'OVERLOADED', 'UNAVAILABLE'],
    }),
  },
  pushes: {
    'player:presence': push({
      summary:
        'The new status of a player whom this connection watches, at most four times a second for each player. The last ' +
        'push is the current status.',
      args: z.tuple([statusOfPlayer]),
    }),
  },
}
