import * as z from 'zod'
import { commonPushes } from '../common.ts'
import { push, request } from '../declare.ts'
import * as s from '../schemas.ts'
import { chat } from './chat.ts'
import { customLobbies, lobbyView } from './lobbies.ts'
import { parties, partyView } from './parties.ts'
import { people } from './people.ts'
import { presence } from './presence.ts'
import { ended, penalty } from './session.ts'

const ticket = z
  .strictObject({
    id: s.ticketId,
    mode: s.modeId,
    queuedAt: s.epochMs,
    estimatedWaitMs: s.durationMs.nullable(),
  })
  .meta({ id: 'Ticket' })

const seatInMatch = z.strictObject({
  matchId: s.matchId,
  mode: s.modeId,
  seat: s.seatNumber,
  team: s.teamNumber,
})

const proposal = z
  .strictObject({ matchId: s.matchId, mode: s.modeId, acceptBy: s.epochMs, size: z.int().positive() })
  .meta({ id: 'Proposal' })

// The range in which a double represents every whole number exactly.
const number = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)

/** `/lobby`: sessions, the queue, and everything around a match. */
export const lobby = {
  name: '/lobby',
  requests: {
    'queue:join': request({
      summary:
        'Queues for a match in a mode. One ticket per player, across all tabs; a party’s leader queues the whole party as ' +
        'one ticket. `attributes`: those that the mode has rules for; others are ignored. `latencies`: ms to each region; ' +
        'without any, every region is accepted. `roles`: the roles of the mode that you would play.',
      payload: z.strictObject({
        mode: s.modeId,
        attributes: z.record(z.string().max(64), z.union([z.string().max(64), number, z.boolean()])).optional(),
        latencies: z.record(z.string().max(64), z.number().nonnegative().max(60_000)).optional(),
        roles: z.array(z.string().max(64)).max(16).optional(),
      }),
      reply: z.strictObject({ ticket }),
      refusals: [
        'UNKNOWN_MODE',
        'ALREADY_QUEUED',
        'ALREADY_IN_MATCH',
        'NOT_PARTY_LEADER',
        'PARTY_TOO_LARGE',
        'QUEUE_PENALTY',
        'DRAINING',
        'UNAVAILABLE',
      ],
    }),
    'queue:explain': request({
      work: 4,
      summary:
        'Why there is no match yet. `blockedBy` counts the others who search by the rule that excludes them: `rating` only ' +
        'until you have waited long enough, `size` while they cannot fill a group. For your own ticket it has `away`, the ' +
        'members of your party who are not connected, or `readyCheck`, the players asked to accept. `window`: how uneven a ' +
        'match you accept by now, in rating points (null: any), when you will accept any, and how many players a second ' +
        'and rating point arrive around your rating.',
      payload: s.nothing,
      reply: z.strictObject({
        waitedMs: s.durationMs,
        window: z.strictObject({
          points: z.int().nullable(),
          anyoneAt: s.epochMs.nullable(),
          arrivalsPerSecond: z.number().nullable(),
        }),
        searching: z.int().nonnegative(),
        blockedBy: z.record(z.string(), z.int().nonnegative()),
      }),
      refusals: ['NOT_QUEUED'],
    }),
    'queue:leave': request({
      summary: 'Removes the ticket. `tooLate` when a match was found first: you have a seat in `matchId`.',
      payload: s.nothing,
      reply: z.strictObject({ outcome: z.enum(['cancelled', 'tooLate']), matchId: s.matchId.optional() }),
      refusals: ['NOT_QUEUED', 'UNAVAILABLE'],
    }),
    'match:accept': request({
      summary: 'Accepts a proposed match. Accepting again changes nothing.',
      payload: z.strictObject({ matchId: s.matchId }),
      reply: s.nothing,
      refusals: ['NOT_FOUND', 'TOO_LATE', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'match:decline': request({
      summary:
        'Declines a proposed match: your ticket ends. With too few players left the match is cancelled, and they search on.',
      payload: z.strictObject({ matchId: s.matchId }),
      reply: s.nothing,
      refusals: ['NOT_FOUND', 'TOO_LATE', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    ...people.requests,
    ...customLobbies.requests,
    ...parties.requests,
    ...presence.requests,
    ...chat.requests,
  },
  pushes: {
    session: push({
      summary:
        'The first push after connecting: your id and name, the token to reconnect with, and in `resumed` your current ' +
        'ticket, match, party and lobby. `now` is the server’s clock; `penalty` is present while you may not queue.',
      args: z.tuple([
        z.strictObject({
          playerId: s.playerId,
          name: z.string(),
          token: z.string(),
          expiresAt: s.epochMs,
          now: s.epochMs,
          server: z.strictObject({ version: z.string(), node: z.string() }),
          penalty: penalty.optional(),
          resumed: z.strictObject({
            ticket: ticket.optional(),
            proposal: proposal.optional(),
            match: seatInMatch.extend({ joinBy: s.epochMs.nullable() }).optional(),
            party: partyView.optional(),
            lobby: lobbyView.optional(),
            ended: z.array(ended).optional().describe('what has ended since you were last connected'),
          }),
        }),
      ]),
    }),
    'queue:joined': push({
      summary:
        'You are queued: by a request on any of your connections, by the leader of your party, or again after a match was ' +
        'cancelled.',
      args: z.tuple([z.strictObject({ ticket })]),
    }),
    'queue:updated': push({
      summary: 'The state of your search, at most once a second. `searching` counts the players queued in the mode.',
      args: z.tuple([
        z.strictObject({
          ticketId: s.ticketId,
          waitedMs: s.durationMs,
          estimatedWaitMs: s.durationMs.nullable(),
          searching: z.int().nonnegative(),
        }),
      ]),
    }),
    'queue:ended': push({
      summary: 'The ticket has ended; sent exactly once per ticket.',
      args: z.tuple([
        z.strictObject({
          ticketId: s.ticketId,
          reason: z.enum(['matched', 'cancelled', 'expired', 'declined', 'drained']),
          matchId: s.matchId.optional(),
        }),
      ]),
    }),
    'match:proposed': push({
      summary: 'In modes with a ready check: the match begins if all accept it by `acceptBy`.',
      args: z.tuple([proposal]),
    }),
    'match:progress': push({
      summary: 'How many players of a proposed match have accepted.',
      args: z.tuple([
        z.strictObject({ matchId: s.matchId, accepted: z.int().nonnegative(), size: z.int().positive() }),
      ]),
    }),
    'match:found': push({
      summary: 'A seat is reserved until `joinBy`: connect to /match and send `match:join`.',
      args: z.tuple([
        seatInMatch.extend({
          joinBy: s.epochMs,
          rematchOf: s.matchId.optional().describe('the match before, of the same players'),
        }),
      ]),
    }),
    'match:cancelled': push({
      summary:
        'The match did not begin. With `requeued`, a new ticket searches on with the age of the first one; `queue:joined` ' +
        'brings it.',
      args: z.tuple([
        z.strictObject({
          matchId: s.matchId,
          reason: z.enum(['declined', 'notAccepted', 'noShow', 'operator']),
          requeued: z.boolean(),
        }),
      ]),
    }),
    'match:ended': push({
      summary:
        'The match is over for you: play has ended, you forfeited your seat, or you `left`, on this or another connection. ' +
        'A match that did not begin ends by `match:cancelled`. What ends while you are not connected is in the `ended` of ' +
        'your next `session`.',
      args: z.tuple([
        z.strictObject({
          matchId: s.matchId,
          reason: z.enum(['completed', 'abandoned', 'aborted', 'forfeited', 'left']),
        }),
      ]),
    }),
    ...customLobbies.pushes,
    ...parties.pushes,
    ...presence.pushes,
    ...chat.pushes,
    ...commonPushes,
  },
}
