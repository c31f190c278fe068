import type { RecordStore } from '../../lobby/record-store.ts'
import type { Log } from '../../ports.ts'
import { entryOf } from '../record-entry.ts'
import type { SqliteParts } from './parts.ts'
import { openRecordTable } from './records.ts'

/** Stores records in the database, in order with the writes of the matches. */
export function recordStoreOn({ database, batch, read, log }: SqliteParts & { log: Log }): RecordStore {
  const table = openRecordTable(database)
  return {
    async write(changes) {
      const entries = changes.map(entryOf)
      const touches = changes.map(({ kind }) => `records ${kind}` as const)
      return batch.add(() => table.write(entries), { touches })
    },
    async load(kind) {
      const { records, damaged } = await read([`records ${kind}`], () => table.load(kind))
      for (const id of damaged) log.error({ kind, id }, 'record was found damaged and is left out')
      return records
    },
  }
}
