import type { Matches } from '../../src/match/matches.ts'
import type { PayloadOf } from '../../src/protocol/declare.ts'
import type { match } from '../../src/protocol/events/match.ts'
import type { Reply } from '../../src/protocol/reply.ts'

type Requests = typeof match.requests
type Asked = { [E in keyof Requests]: { event: E; payload: PayloadOf<Requests[E]> } }[keyof Requests]
/** What a player says: a request of `/match`, or an answer to a proposal. */
export type Said = Asked | { event: 'match:accept' | 'match:decline'; payload: { matchId: string } }
export type Command = Said & {
  /** Counts what was said; the same command again keeps its number. */
  uid: number
}
export type Answer = Reply<Record<string, unknown>>

type Visit = Parameters<Matches['join']>[0]
export type Joined = Parameters<Visit['admit']>[0]

/** A value that names who alone may see it. */
export const secretOf = (who: 'own' | 'members', playerId: string, uid: number): string => `${who}~${playerId}~${uid}`
/** The secrets that occur in a text. */
export const secretsIn = (text: string): { who: 'own' | 'members'; playerId: string }[] =>
  [...text.matchAll(/(own|members)~([^~"]+)~/g)].map(([, who, playerId]) => ({
    who: who as 'own' | 'members',
    playerId: playerId ?? '',
  }))
