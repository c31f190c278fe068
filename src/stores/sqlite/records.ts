import type { DatabaseSync } from 'node:sqlite'
import type { KeptRecord, RecordKind } from '../../lobby/record-store.ts'
import type { RecordEntry } from '../record-entry.ts'
import { checksumOf, readChecked } from './file/checksum.ts'

/** The table of records. A record that is written again keeps its place in the order. */
export function openRecordTable(database: DatabaseSync) {
  const put = database.prepare(`
    INSERT INTO records (kind, id, value, seal) VALUES (?, ?, ?, ?)
    ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value, seal = excluded.seal
  `)
  const forget = database.prepare('DELETE FROM records WHERE kind = ? AND id = ?')
  const all = database.prepare('SELECT id, value, seal FROM records WHERE kind = ? ORDER BY n')
  all.setReadBigInts(true)

  function write(entries: readonly RecordEntry[]): void {
    for (const { kind, id, text } of entries) {
      if (text === null) forget.run(kind, id)
      else put.run(kind, id, text, checksumOf(['record', kind, id], text))
    }
  }

  /** The records of a kind, and the ids of the damaged ones. */
  function load(kind: RecordKind): { records: KeptRecord[]; damaged: string[] } {
    const records: KeptRecord[] = []
    const damaged: string[] = []
    for (const row of all.iterate(kind)) {
      const id = String(row.id)
      const opened = readChecked(['record', kind, id], row.value, row.seal)
      if (opened) records.push({ id, value: opened.value })
      else damaged.push(id)
    }
    return { records, damaged }
  }

  return { write, load }
}
