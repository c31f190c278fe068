import type { RecordKind, RecordStore } from '../../src/lobby/record-store.ts'
import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import type { MatchStore } from '../../src/match/match-store.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'

const KINDS: RecordKind[] = ['ticket', 'penalty', 'party', 'lobby', 'person', 'mail', 'chat', 'aside', 'ended']

/** The records that a process killed now finds at its next start. */
export async function copyOf(records: RecordStore): Promise<RecordStore> {
  const copy = openMemoryRecordStore()
  for (const kind of KINDS) await copy.write((await records.load(kind)).map(({ id, value }) => ({ kind, id, value })))
  return copy
}

/** The matches that a process killed now leaves. */
export async function copyOfMatches(store: MatchStore): Promise<MatchStore> {
  const copy = openMemoryMatchStore()
  for (const { matchId, epoch, snapshot } of (await store.load()).matches) {
    const lines = (await store.tail(matchId, 0)) ?? []
    await copy.commit({ matchId, epoch, after: 0, snapshot: snapshot as MatchSnapshot, lines })
  }
  return copy
}

/** A store that a test can fill up or delay. */
export function troubledRecords() {
  const records = openMemoryRecordStore()
  let gate: Promise<void> = Promise.resolve()
  const trouble = {
    isFull: false,
    /** Every write waits until the returned function is called. */
    holdUp(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    records: {
      ...records,
      async write(changes) {
        await gate
        if (trouble.isFull) throw new Error('disk full')
        await records.write(changes)
      },
    } satisfies RecordStore,
  }
  return trouble
}
