import * as z from 'zod'
import { push, request } from '../declare.ts'
import * as s from '../schemas.ts'

/** The most members of a party. */
export const PARTY_CAPACITY = 10

const party = z
  .strictObject({
    id: s.partyId,
    code: z.string(),
    leaderId: s.playerId,
    capacity: z.int().positive(),
    members: z.array(z.strictObject({ playerId: s.playerId, name: z.string(), status: z.enum(['present', 'away']) })),
  })
  .meta({ id: 'Party' })

export { party as partyView }

const member = z.strictObject({ playerId: s.playerId })
const leaderOnly = ['NOT_IN_PARTY', 'NOT_PARTY_LEADER', 'NOT_FOUND', 'OVERLOADED', 'UNAVAILABLE'] as const

/** Parties: players who queue together, in `/lobby`. */
export const parties = {
  requests: {
    'party:create': request({
      summary: 'Creates a party with you as its leader. Any player with its `code` can join.',
      payload: s.nothing,
      reply: z.strictObject({ party }),
      refusals: ['ALREADY_IN_PARTY', 'UNAVAILABLE'],
    }),
    'party:invite': request({
      summary:
        'Sends a connected player the code of your party, as `party:invited`. A player who has blocked you, or is not ' +
        'connected, is `NOT_FOUND`.',
      payload: member,
      reply: s.nothing,
      refusals: ['NOT_IN_PARTY', 'PARTY_FULL', 'NOT_FOUND', 'BLOCKED'],
    }),
    'party:join': request({
      summary:
        'Joins by the code; spaces, dashes and case do not matter. After 10 wrong codes in a minute every code is ' +
        '`LOCKED` for the rest of it.',
      payload: z.strictObject({ code: z.string().min(1).max(64) }),
      reply: z.strictObject({ party }),
      refusals: ['INVITE_INVALID', 'PARTY_FULL', 'ALREADY_IN_PARTY', 'LOCKED', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'party:leave': request({
      summary: 'Leaves the party. When the leader leaves, the longest-standing member becomes the leader.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: ['NOT_IN_PARTY', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'party:kick': request({
      summary: 'Removes a member. The party gets a new code; the old one no longer works.',
      payload: member,
      reply: s.nothing,
      refusals: leaderOnly,
    }),
    'party:promote': request({
      summary: 'Makes a connected member the leader in your place; a member who is away is `FORBIDDEN`.',
      payload: member,
      reply: s.nothing,
      refusals: ['FORBIDDEN', ...leaderOnly],
    }),
  },
  pushes: {
    'party:state': push({
      summary:
        'Your party after each change; members in the order in which they joined. Null when you are no longer in a party, ' +
        'with the reason: `away` after 30 s without a connection.',
      args: z.tuple([
        z.strictObject({ party: party.nullable(), reason: z.enum(['left', 'kicked', 'away']).optional() }),
      ]),
    }),
    'party:invited': push({
      summary: 'An invitation to a party: send `party:join` with the code.',
      args: z.tuple([
        z.strictObject({
          partyId: s.partyId,
          code: z.string(),
          from: z.strictObject({ playerId: s.playerId, name: z.string() }),
        }),
      ]),
    }),
  },
}
