import type { RecordKind } from '../../lobby/record-store.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'

/** What a write changes, and what a read depends on. */
export type Subject =
  | `match ${MatchId}`
  /** Results and ratings of a player. */
  | `player ${PlayerId}`
  /** The leaderboard of a mode. */
  | `standings ${string}`
  | `records ${RecordKind}`
  | 'beat'
export type Subjects = readonly Subject[] | 'everything'

export interface Write {
  /** The order of the writes. */
  n: number
  touches: Subjects
}

/** Finds the waiting write that a read has to wait for. */
export function trackPending<W extends Write>() {
  const last = new Map<Subject | 'everything', W>()
  let newest: W | null = null

  function add(write: W): void {
    newest = write
    for (const subject of keysOf(write.touches)) last.set(subject, write)
  }

  function settle(write: W): void {
    if (newest === write) newest = null
    for (const subject of keysOf(write.touches)) if (last.get(subject) === write) last.delete(subject)
  }

  /** The last waiting write that touches one of the subjects, or null. */
  function lastOf(subjects: Subjects): W | null {
    if (subjects === 'everything') return newest
    let found = last.get('everything') ?? null
    for (const subject of subjects) {
      const write = last.get(subject)
      if (write && write.n > (found?.n ?? 0)) found = write
    }
    return found
  }

  return { add, settle, lastOf }
}

const keysOf = (subjects: Subjects): readonly (Subject | 'everything')[] =>
  subjects === 'everything' ? ['everything'] : subjects
