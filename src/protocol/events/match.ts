import * as z from 'zod'
import { commonPushes } from '../common.ts'
import { push, request } from '../declare.ts'
import type { ErrorCode } from '../errors.ts'
import { claim, matchEvent, matchView, outcome, result } from '../match-view.ts'
import type { Reply } from '../reply.ts'
import * as s from '../schemas.ts'

const position = z.strictObject({ epoch: z.int().positive(), seq: z.int().nonnegative() }).meta({ id: 'Position' })

const joined = z
  .strictObject({
    match: matchView,
    you: z.strictObject({
      as: z.enum(['player', 'spectator']),
      seat: s.seatNumber.nullable(),
      team: s.teamNumber.nullable(),
    }),
    epoch: z.int().positive(),
    seq: z.int().nonnegative(),
    events: z.array(matchEvent),
  })
  .meta({ id: 'Joined' })

/** Refusals of any request that passes a match's mailbox. */
const mailbox = ['OVERLOADED', 'UNAVAILABLE', 'MATCH_ENDED', 'MATCH_ABORTED'] as const satisfies ErrorCode[]
/** Refusals of a request of a player with a seat. */
const fromSeat = ['NOT_IN_MATCH', 'FORBIDDEN', ...mailbox] as const satisfies ErrorCode[]

const commandId = z.string().min(1).max(64)

/** `/match`: where a match is played. A socket is in at most one match at a time. */
export const match = {
  name: '/match',
  requests: {
    'match:join': request({
      work: 8,
      summary:
        'Takes your seat, returns to it, or joins as a spectator. `match` is the view at `seq`; `events` is the log after ' +
        '`since`, if the log still has it.',
      payload: z.strictObject({
        matchId: s.matchId,
        as: z.enum(['player', 'spectator']).default('player'),
        since: position.optional(),
      }),
      reply: joined,
      refusals: ['NOT_FOUND', 'FORBIDDEN', ...mailbox],
    }),
    'match:sync': request({
      work: 4,
      summary: 'The view again, and the log after `since`: for a client that saw a gap in `seq`.',
      payload: z.strictObject({ since: position }),
      reply: joined,
      refusals: ['NOT_IN_MATCH', 'NOT_FOUND', ...mailbox],
    }),
    'match:act': request({
      summary:
        'An action in the match: checked by the mode’s rules, if it has any, and stored in the log before anyone hears ' +
        'it. The same `id` again gets the same reply; with `ifSeq` it counts only while that is the last `seq`. The type ' +
        'is a word: letters, digits, dashes, underscores. `game` is your view of the game after it.',
      payload: z.strictObject({
        type: z.string().min(1).max(128),
        data: z.unknown().optional(),
        id: commandId.optional(),
        ifSeq: z.int().nonnegative().optional(),
      }),
      reply: z.strictObject({ seq: z.int().positive(), game: z.unknown().optional() }),
      refusals: ['ILLEGAL_ACTION', 'NOT_YOUR_TURN', 'STALE_STATE', 'ID_REUSED', 'PAUSED', ...fromSeat],
    }),
    'match:set': request({
      summary:
        'Sets a shared property of the match; with `ifVersion` only while it has that version (0: not set yet). The mode ' +
        'decides who sees which key.',
      payload: z.strictObject({
        key: z.string().regex(/^(?!__proto__$)[\w.:-]{1,64}$/),
        value: z.unknown(),
        ifVersion: z.int().nonnegative().optional(),
      }),
      reply: z.strictObject({ version: z.int().positive() }),
      refusals: ['STALE_STATE', 'TOO_LARGE', ...fromSeat],
    }),
    'match:ready': request({
      summary: 'During the countdown: when everyone present is ready, play starts at once.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: ['ILLEGAL_ACTION', ...fromSeat],
    }),
    'match:pause': request({
      summary:
        'Stops the clocks of the match until you resume, or your pause time is used up. `FORBIDDEN` without pause time or ' +
        'pauses left, `RATE_LIMITED` too soon after your last pause.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: ['ILLEGAL_ACTION', 'PAUSED', 'RATE_LIMITED', ...fromSeat],
    }),
    'match:resume': request({
      summary: 'Ends your pause.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: ['ILLEGAL_ACTION', ...fromSeat],
    }),
    'match:finish': request({
      summary:
        'Claims the result of the match, in modes without rules. It is final when every player in the match agrees, or ' +
        'when more than half of the claims agree at `settleBy`; else the result is `disputed`.',
      payload: z.strictObject({ result: claim }),
      reply: z.strictObject({ agreed: z.boolean() }),
      refusals: ['ILLEGAL_ACTION', 'PAUSED', ...fromSeat],
    }),
    'match:rematch': request({
      summary: 'Asks the other players of an ended match for a rematch, or answers. All who stayed must accept.',
      payload: z.strictObject({ accept: z.boolean() }),
      reply: s.nothing,
      refusals: ['ILLEGAL_ACTION', 'TOO_LATE', ...fromSeat],
    }),
    'match:leave': request({
      summary: 'Gives the seat up for good, on all your tabs. After a dropped connection you keep it for `graceMs`.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: ['NOT_IN_MATCH', ...mailbox],
    }),
  },
  pushes: {
    'match:message': push({
      summary: 'A message that another member sent by `match:send`.',
      args: z.tuple([s.seatNumber.describe('fromSeat'), z.unknown().describe('data')]),
    }),
    'match:event': push({
      summary: 'A line of the log, with a gapless `seq`. Parts that you may not see are left out.',
      args: z.tuple([matchEvent]),
    }),
    'match:closed': push({
      summary: 'The last event of a match; its room is gone.',
      args: z.tuple([z.strictObject({ matchId: s.matchId, outcome, result: result.optional() })]),
    }),
    ...commonPushes,
  },
}

/** The relay lane, with positional arguments: `match:send(data, to?, ack?)`. */
export const relay = {
  event: 'match:send',
  summary:
    'Relays `data` to everyone else in the match, or to the seats in `to`; never to the socket that sent it, and never ' +
    'stored. Any JSON, or bytes where the mode has `relay.binary`.',
  to: z.array(s.seatNumber).max(1_000),
  refusals: ['NOT_IN_MATCH', 'MATCH_ABORTED', 'FORBIDDEN', 'BAD_REQUEST', 'TOO_DEEP', 'TOO_LARGE', 'RATE_LIMITED'],
} as const

type RelayAck = (reply: Reply) => void
/** Socket.IO's event map for the relay lane. */
export interface RelayAsks {
  'match:send': (data: unknown, ...rest: [] | [to: number[]] | [ack: RelayAck] | [to: number[], ack: RelayAck]) => void
}
