import type { Log } from '../ports.ts'
import type { RecordChange, RecordStore } from './record-store.ts'

/** Stores all of the changes or none; false, and logged, when that is impossible right now. */
export type WriteRecords = (changes: readonly RecordChange[]) => Promise<boolean>

export const recordWriter =
  (records: RecordStore, log: Log): WriteRecords =>
  async (changes) => {
    try {
      await records.write(changes)
      return true
    } catch (fault) {
      log.error({ kind: changes[0]?.kind, changes: changes.length, err: fault }, 'records were not stored')
      return false
    }
  }
