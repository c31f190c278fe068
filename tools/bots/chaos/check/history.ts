import type { MatchListener, MatchView } from '../../../../src/client/client.ts'

/** A line of a match's log. */
export type Line = NonNullable<Parameters<NonNullable<MatchListener['changed']>>[1]>

interface Position {
  epoch: number
  seq: number
}
/** What a client may put into a request, as far as it matters here. */
export interface Asking {
  matchId?: string
  type?: string
  data?: unknown
  id?: string
  key?: string
  value?: unknown
  since?: Position
}
/** A reply, as far as it matters here. */
export interface Answer {
  ok: boolean
  error?: { code: string }
  epoch?: number
  seq?: number
  version?: number
  game?: unknown
  events?: readonly Line[]
  match?: MatchView
  you?: { seat: number | null }
}

/** One thing that a client saw. */
export type Entry = { at: number } & (
  | { is: 'connected' | 'disconnected' }
  /** `matchId`: the match that the server says is still the player's. */
  | { is: 'session'; matchId: string | null }
  /** A seat in a match is the player's from now on. */
  | { is: 'told'; matchId: string }
  /** Written at the reply, which is null without one; `matchId` is the match of the request or the reply. */
  | { is: 'asked'; event: string; asking: Asking; matchId: string | null; askedAt: number; reply: Answer | null }
  | { is: 'heard'; matchId: string; line: Line }
  | { is: 'closed'; matchId: string; outcome: string }
)
export type Asked = Extract<Entry, { is: 'asked' }>

/** All that one player saw, in the order in which it came in. */
export interface Diary {
  playerId: string
  entries: readonly Entry[]
}
/** A match as it lies in the store. */
interface StoredMatch {
  matchId: string
  epoch: number
  seq: number
  lines: readonly Line[]
}
export interface Stored {
  matches: readonly StoredMatch[]
  /** The matches whose result is on record. */
  results: readonly { matchId: string; placements: readonly (readonly number[])[] }[]
  /** The matches that were set aside as damaged. */
  damaged: readonly string[]
}
/** One life of the server: from when it listened until it was killed. */
export interface Life {
  readyAt: number
  killedAt: number
}
/** The record of a run. Instants are epoch milliseconds of the machine's clock. */
export interface History {
  diaries: readonly Diary[]
  stored: Stored
  lives: readonly Life[]
  /** How long a seat waits for its player. */
  graceMs: number
  /** How long a new match waits for its players. */
  joinMs: number
}
