import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import { isTaken } from '../../src/machines/match/seats.ts'
import type { MatchCommit, PlayedMatch } from '../../src/match/match-store.ts'
import type { EpochMs } from '../../src/ports.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import { newReference, type Reference } from './reference.ts'

/** Everything that was ever stored of a match; it outlives the match, for the checker. */
export interface Archive {
  /** Each line as text, line n at n − 1. */
  texts: string[]
  lines: MatchEvent[]
  /** The permitted receivers of each line, line n at n − 1: the members before or after its step. */
  hearers: ReadonlyMap<string, Role>[]
  epoch: number
  /** As last stored. */
  snapshot: MatchSnapshot
  reference: Reference
  result: PlayedMatch | null
  /** How far the clock of the last writer was ahead, in ms. */
  clockOffsetMs: number
  /** By that clock. */
  writtenAt: EpochMs
  /** Lost to a torn write: earlier replies about it no longer count. */
  isDamaged: boolean
}
export type Role = 'player' | 'spectator'

/** The data of a write, as copies. */
export interface Write {
  matchId: string
  epoch: number
  after: number
  texts: string[]
  lines: MatchEvent[]
  snapshot: MatchSnapshot
  /** The snapshot as text. */
  text: string
  result: PlayedMatch | null
  /** The instant of the write. */
  at: EpochMs
}

/** A step as stored: written as text, and read back. */
export function packed({ matchId, epoch, after, lines, snapshot, result }: MatchCommit): Omit<Write, 'at'> {
  const texts = lines.map((line) => JSON.stringify(line))
  const text = JSON.stringify(snapshot)
  return {
    matchId,
    epoch,
    after,
    texts,
    lines: texts.map((text) => JSON.parse(text)),
    snapshot: JSON.parse(text),
    text,
    result: result ?? null,
  }
}

export const newArchive = ({ epoch, snapshot, at }: Write): Archive => ({
  texts: [],
  lines: [],
  hearers: [],
  epoch,
  snapshot,
  reference: newReference(),
  result: null,
  clockOffsetMs: 0,
  writtenAt: at,
  isDamaged: false,
})

/** The members of the match, by role. */
export function membersOf(snapshots: readonly MatchSnapshot[]): Map<string, Role> {
  const members = new Map<string, Role>()
  for (const { context } of snapshots) for (const { playerId } of context.spectators) members.set(playerId, 'spectator')
  for (const { context } of snapshots)
    for (const { playerId } of context.seats.filter(isTaken)) members.set(playerId, 'player')
  return members
}
