import * as z from 'zod'
import { push, request } from './declare.ts'
import { matchEvent, matchView, outcome } from './match-view.ts'
import type { Reply } from './reply.ts'
import * as s from './schemas.ts'

const position = z.strictObject({ epoch: z.int().positive(), seq: z.int().nonnegative() }).meta({ id: 'Position' })

const joined = z
  .strictObject({
    match: matchView,
    you: z.strictObject({ seat: s.seatNumber, team: s.teamNumber }),
    epoch: z.int().positive(),
    seq: z.int().nonnegative(),
    events: z.array(matchEvent),
  })
  .meta({ id: 'Joined' })

/** `/match`: where a match is played. A socket is in at most one match at a time. */
export const match = {
  name: '/match',
  requests: {
    'match:join': request({
      summary:
        'Takes your seat, or comes back to it. `match` is the view at `seq`; `events` is the log after `since`, ' +
        'when the log still has it. Spectators are not let in yet.',
      payload: z.strictObject({
        matchId: s.matchId,
        as: z.enum(['player', 'spectator']).optional(),
        since: position.optional(),
      }),
      reply: joined,
      refusals: ['NOT_FOUND', 'FORBIDDEN', 'OVERLOADED'],
    }),
    'match:sync': request({
      summary: 'The view again, and the log after `since`: for a client that saw a gap in `seq`.',
      payload: z.strictObject({ since: position }),
      reply: joined,
      refusals: ['NOT_IN_MATCH'],
    }),
    'match:leave': request({
      summary: 'Gives the seat up for good, on all your tabs. A dropped connection is no leaving.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: ['NOT_IN_MATCH', 'OVERLOADED'],
    }),
  },
  pushes: {
    'match:message': push({
      summary: 'What another member sent by `match:send`.',
      args: z.tuple([s.seatNumber.describe('fromSeat'), z.unknown().describe('data')]),
    }),
    'match:event': push({ summary: 'A line of the log, gapless by `seq`.', args: z.tuple([matchEvent]) }),
    'match:closed': push({
      summary: 'The last you hear of a match; its room is gone.',
      args: z.tuple([z.strictObject({ matchId: s.matchId, outcome })]),
    }),
    'server:draining': push({
      summary: 'This server is about to stop. Connect again after `retryAfterMs`, which differs from player to player.',
      args: z.tuple([z.strictObject({ retryAfterMs: s.durationMs })]),
    }),
    refused: push({
      summary: 'The refusal of a request that came without an ack function.',
      args: z.tuple([s.refusedEvent]),
    }),
  },
}

/** The relay lane has arguments of its own: `match:send(data, to?, ack?)`. */
export const relay = {
  event: 'match:send',
  summary:
    'Relays `data` to everyone else in the match, or to the seats in `to`; never to the socket that sent it, and never ' +
    'stored. Any JSON, or bytes where the mode has `relay.binary`.',
  to: z.array(s.seatNumber).max(1_000),
  refusals: ['NOT_IN_MATCH', 'BAD_REQUEST', 'TOO_DEEP', 'TOO_LARGE', 'RATE_LIMITED'],
} as const

type RelayAck = (reply: Reply) => void
/** Socket.IO's event map for the relay lane. */
export interface RelayAsks {
  'match:send': (data: unknown, ...rest: [] | [to: number[]] | [ack: RelayAck] | [to: number[], ack: RelayAck]) => void
}
