import * as z from 'zod'
import { push, request } from '../declare.ts'
import * as s from '../schemas.ts'

/** How many may be in a party. */
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

/** Those who play together, in `/lobby`. */
export const parties = {
  requests: {
    'party:create': request({
      summary: 'Makes a party and you its leader. Whoever has its `code` can join.',
      payload: s.nothing,
      reply: z.strictObject({ party }),
      refusals: ['ALREADY_IN_PARTY', 'UNAVAILABLE'],
    }),
    'party:invite': request({
      summary:
        'Sends a connected player the code of your party, as `party:invited`. Who has blocked you is ' +
        '`NOT_FOUND`, like who is not connected.',
      payload: member,
      reply: s.nothing,
      refusals: ['NOT_IN_PARTY', 'PARTY_FULL', 'NOT_FOUND', 'BLOCKED'],
    }),
    'party:join': request({
      summary:
        'Joins by the code, which may be typed with spaces, dashes and small letters. After 10 wrong codes in a minute ' +
        'none is looked at for the rest of it.',
      payload: z.strictObject({ code: z.string().min(1).max(64) }),
      reply: z.strictObject({ party }),
      refusals: ['INVITE_INVALID', 'PARTY_FULL', 'ALREADY_IN_PARTY', 'LOCKED', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'party:leave': request({
      summary: 'Leaves the party. A leader’s successor is the member who has been in longest.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: ['NOT_IN_PARTY', 'OVERLOADED', 'UNAVAILABLE'],
    }),
    'party:kick': request({
      summary: 'Removes a member. The party gets a new code, so that the old one brings nobody back.',
      payload: member,
      reply: s.nothing,
      refusals: leaderOnly,
    }),
    'party:promote': request({
      summary: 'Makes a member the leader in your place, who must be connected: `FORBIDDEN` else.',
      payload: member,
      reply: s.nothing,
      refusals: ['FORBIDDEN', ...leaderOnly],
    }),
  },
  pushes: {
    'party:state': push({
      summary:
        'Your party as it is now, after each change; members in the order in which they came. Null when you are in ' +
        'none any more, with the reason: `away` when you were gone for longer than 30 s.',
      args: z.tuple([
        z.strictObject({ party: party.nullable(), reason: z.enum(['left', 'kicked', 'away']).optional() }),
      ]),
    }),
    'party:invited': push({
      summary: 'Somebody wants you in their party: send `party:join` with the code.',
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
