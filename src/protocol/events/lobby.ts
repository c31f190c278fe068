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

// What a double says exactly, as far as whole numbers go.
const number = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)

/** `/lobby`: where players say who they are and find each other. */
export const lobby = {
  name: '/lobby',
  requests: {
    'queue:join': request({
      summary:
        'Asks to be matched in a mode. One ticket per player, whichever tab asks; a party’s leader queues the whole party ' +
        'as one ticket. `attributes`: what the mode asks for, and as it says; anything else is ignored. `latencies`: ms to ' +
        'each region; without any, every region will do. `roles`: those of the mode that you would play.',
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
        'Why there is no match yet. `blockedBy`: how many of those who search each rule keeps away from you; `rating` only ' +
        'until you have waited long enough, `size` as long as no group can be filled with those who are there. Of your own ' +
        'match: `away`, how many of your party are not connected, and `readyCheck`, how many are asked to accept. `window`: ' +
        'how uneven a match you would take by now, in rating points (null: any), from when on you take any, and how many ' +
        'players a second and rating point come around you.',
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
      summary: 'Takes the ticket out. `tooLate` when a match was found first: go to `matchId`, the seat is yours.',
      payload: s.nothing,
      reply: z.strictObject({ outcome: z.enum(['cancelled', 'tooLate']), matchId: s.matchId.optional() }),
      refusals: ['NOT_QUEUED', 'UNAVAILABLE'],
    }),
    'match:accept': request({
      summary: 'Yes to a proposed match. Saying it again changes nothing.',
      payload: z.strictObject({ matchId: s.matchId }),
      reply: s.nothing,
      refusals: ['NOT_FOUND', 'TOO_LATE', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'match:decline': request({
      summary:
        'No to a proposed match: your ticket ends. Unless enough others remain it is cancelled, and they search on.',
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
        'First after connecting: who you are, the token to come back with, and in `resumed` what is still yours. ' +
        '`now` is the server’s clock, `penalty` until when you may not queue.',
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
    'queue:updated': push({
      summary: 'How the search goes, at most once a second. `searching` counts the players queued in the mode.',
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
      summary: 'The ticket is gone; exactly once per ticket.',
      args: z.tuple([
        z.strictObject({
          ticketId: s.ticketId,
          reason: z.enum(['matched', 'cancelled', 'expired', 'declined', 'drained']),
          matchId: s.matchId.optional(),
        }),
      ]),
    }),
    'match:proposed': push({
      summary: 'In modes with a ready check: a match is there if all accept it by `acceptBy`.',
      args: z.tuple([proposal]),
    }),
    'match:progress': push({
      summary: 'How many of a proposed match have accepted.',
      args: z.tuple([
        z.strictObject({ matchId: s.matchId, accepted: z.int().nonnegative(), size: z.int().positive() }),
      ]),
    }),
    'match:found': push({
      summary: 'A seat is reserved until `joinBy`: connect to /match and send `match:join`.',
      args: z.tuple([
        seatInMatch.extend({
          joinBy: s.epochMs,
          rematchOf: s.matchId.optional().describe('the match that these players have just played'),
        }),
      ]),
    }),
    'match:cancelled': push({
      summary:
        'The match did not come about. With `requeued`, a new ticket searches on, as old as the first one; ' +
        'its id comes with the next `queue:updated`.',
      args: z.tuple([
        z.strictObject({
          matchId: s.matchId,
          reason: z.enum(['declined', 'notAccepted', 'noShow', 'operator']),
          requeued: z.boolean(),
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
