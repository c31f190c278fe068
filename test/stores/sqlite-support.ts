import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import type { Seat } from '../../src/machines/match/seats.ts'
import type { MatchCommit, MatchStore, PlayedMatch } from '../../src/match/match-store.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import { openSqliteStores } from '../../src/stores/sqlite/stores.ts'
import { openedMatch, playerId } from '../support/openings.ts'

const OPENED = openedMatch().snapshot

/** A directory that is deleted after the test. */
export function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'muster-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Opens the stores in a directory, and collects the errors that they log. */
export async function openStore(directory: string, { maxPages = 0 } = {}) {
  const errors: { phrase: string; why?: string; kept?: string }[] = []
  const error = (fields: object, phrase: string) => void errors.push({ ...fields, phrase })
  const log = { debug() {}, info() {}, warn() {}, error }
  const { store, records } = await openSqliteStores({ directory, log, maxPages })
  onTestFinished(() => store.close())
  return { store, records, errors }
}

/** A commit of one line or several; its snapshot holds the match and the position. */
export const commitOf = (id: string, after: number, { epoch = 1, lines = 1 } = {}): MatchCommit => {
  const matchId = id as MatchId
  const snapshot = structuredClone(OPENED)
  snapshot.context.matchId = matchId
  snapshot.context.seats[0] = { ...snapshot.context.seats[0], name: `ann of ${id} at ${after + lines}` } as Seat
  const line = (seq: number) => ({ matchId, epoch, seq, at: seq, type: 'player.back' as const, seat: 0 })
  return { matchId, epoch, after, snapshot, lines: Array.from({ length: lines }, (_, n) => line(after + 1 + n)) }
}

export const resultOf = (id: string): PlayedMatch => ({
  matchId: id as MatchId,
  mode: 'duel',
  endedAt: 5,
  outcome: 'completed',
  placements: [[0], [1]],
  players: ['ann', 'bob'].map((name, seat) => ({ playerId: playerId(name), name, seat, team: seat })),
})

/** Commits one line after the other. */
export async function play(store: MatchStore, id: string, upTo: number, from = 0): Promise<void> {
  for (let after = from; after < upTo; after += 1) await store.commit(commitOf(id, after))
}

/** Reads or changes a database that no store has open. */
export function inDatabase<T>(directory: string, act: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(directory, 'muster.db'))
  try {
    return act(database)
  } finally {
    database.close()
  }
}
