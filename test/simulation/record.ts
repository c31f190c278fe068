import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import { isTaken } from '../../src/machines/match/seats.ts'
import type { MatchCommit, PlayedMatch } from '../../src/match/match-store.ts'
import type { EpochMs } from '../../src/ports.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import { newReference, type Reference } from './reference.ts'

/** Everything that was ever stored of a match; it outlives the match, for the checker to look things up in. */
export interface Archive {
  /** Each line as text, line n at n − 1. */
  texts: string[]
  lines: MatchEvent[]
  /** Who may hear each line, line n at n − 1: those who are in the match before or after its step. */
  hearers: ReadonlyMap<string, Role>[]
  epoch: number
  /** As last stored. */
  snapshot: MatchSnapshot
  reference: Reference
  result: PlayedMatch | null
  /** By how much the clock of whoever wrote last was ahead. */
  clockOffsetMs: number
  /** By that clock. */
  writtenAt: EpochMs
  /** Lost to a torn write: what was said about it counts no more. */
  isDamaged: boolean
}
export type Role = 'player' | 'spectator'

/** What a write brings, detached from the objects it was made of. */
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

/** A step as it goes to the disk: text, and read back from text. */
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

/** Who is in the match, and as what. */
export function membersOf(snapshots: readonly MatchSnapshot[]): Map<string, Role> {
  const members = new Map<string, Role>()
  for (const { context } of snapshots) for (const { playerId } of context.spectators) members.set(playerId, 'spectator')
  for (const { context } of snapshots)
    for (const { playerId } of context.seats.filter(isTaken)) members.set(playerId, 'player')
  return members
}
