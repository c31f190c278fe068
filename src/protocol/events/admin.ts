import * as z from 'zod'
import { commonPushes } from '../common.ts'
import { push, request } from '../declare.ts'
import { matchEvent, matchState, matchView, outcome } from '../match-view.ts'
import * as s from '../schemas.ts'

const count = z.int().nonnegative()
const cursor = z.string().min(1).max(128)
const reason = z.string().min(1).max(500).describe('for the log')

const sizes = z
  .strictObject({ players: count, tickets: count, matches: count, rooms: count, lobbies: count, parties: count })
  .meta({ id: 'Sizes' })

const match = z
  .strictObject({
    matchId: s.matchId,
    mode: s.modeId,
    state: matchState,
    outcome: outcome.nullable(),
    players: count,
    spectators: count,
  })
  .meta({ id: 'MatchInBrief' })

const playerStatus = z.enum(['online', 'queued', 'inMatch', 'offline'])
const player = z
  .strictObject({
    playerId: s.playerId,
    name: z.string(),
    status: playerStatus,
    connections: count.describe('sockets in /lobby and /match'),
    matchId: s.matchId.optional(),
  })
  .meta({ id: 'PlayerInBrief' })

/** `/admin`: operators and their dashboards. */
export const admin = {
  name: '/admin',
  requests: {
    'admin:overview': request({
      work: 4,
      summary: 'The current counts. `titles` has the open titles, for operators of the service itself.',
      payload: s.nothing,
      reply: z.strictObject({
        version: z.string(),
        uptimeMs: s.durationMs,
        connections: count,
        sizes,
        matches: z.array(z.strictObject({ mode: s.modeId, state: matchState, count })),
        titles: z.array(z.strictObject({ title: z.string(), sizes })),
      }),
      refusals: [],
    }),
    'admin:matches': request({
      work: 4,
      summary:
        'The matches that are not closed, ordered by id, a hundred at a time; `cursor` is present when there are more.',
      payload: z.strictObject({ cursor: cursor.optional() }),
      reply: z.strictObject({ matches: z.array(match), cursor: cursor.optional() }),
      refusals: [],
    }),
    'admin:match': request({
      summary: 'One match as a spectator sees it, with the end of its log. `changesAt` is its next deadline.',
      payload: z.strictObject({ matchId: s.matchId }),
      reply: z.strictObject({
        match: matchView,
        epoch: z.int().positive(),
        seq: z.int().positive(),
        changesAt: s.epochMs.nullable(),
        events: z.array(matchEvent),
      }),
      refusals: ['NOT_FOUND'],
    }),
    'admin:players': request({
      work: 4,
      summary: 'The connected players, ordered by id, a hundred at a time.',
      payload: z.strictObject({ cursor: cursor.optional() }),
      reply: z.strictObject({ players: z.array(player), cursor: cursor.optional() }),
      refusals: [],
    }),
    'admin:kick': request({
      summary:
        'Disconnects a player on all devices. The ticket ends, and seat, lobby and party are given up, as if the player ' +
        'had left. The player may come back.',
      payload: z.strictObject({ playerId: s.playerId, reason }),
      reply: z.strictObject({ connections: count, matchId: s.matchId.optional() }),
      refusals: ['NOT_FOUND', 'UNAVAILABLE'],
    }),
    'admin:end': request({
      summary:
        'Ends a match: before play as `cancelled`, and its players search on; later as `aborted`. A decided result ' +
        'stays.',
      payload: z.strictObject({ matchId: s.matchId, reason }),
      reply: s.nothing,
      refusals: ['NOT_FOUND', 'MATCH_ENDED', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'admin:notice': request({
      summary:
        'Sends a text to all connected players, or only to those of `matchId` or `playerId`, to each socket once.',
      payload: z.strictObject({
        text: z.string().min(1).max(500),
        matchId: s.matchId.optional(),
        playerId: s.playerId.optional(),
      }),
      reply: s.nothing,
      refusals: [],
    }),
  },
  pushes: {
    'admin:stats': push({
      summary: 'The current counts, once a second.',
      args: z.tuple([z.strictObject({ at: s.epochMs, connections: count, sizes })]),
    }),
    'admin:player': push({
      summary:
        'A player connected or disconnected (for each connection), or entered or left the queue. `left` has the rooms ' +
        '`match:<id>` and `lobby:<id>` of a connection that ended.',
      args: z.tuple([player.extend({ left: z.array(z.string()).optional() }).meta({ id: 'PlayerNews' })]),
    }),
    'admin:match': push({
      summary: 'A match has opened, changed its state or closed.',
      args: z.tuple([match]),
    }),
    ...commonPushes,
  },
}
