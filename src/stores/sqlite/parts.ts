import type { DatabaseSync } from 'node:sqlite'
import type { Batch } from './batch.ts'
import type { Subjects } from './pending.ts'

/** What the stores of one database share. */
export interface SqliteParts {
  database: DatabaseSync
  batch: Batch
  /** Reads after all earlier writes that touch the subjects; rejects with a `StoreUnavailableError`. */
  read<T>(subjects: Subjects, ask: () => T): Promise<T>
}
