import type { RecordKind, RecordStore } from '../../lobby/record-store.ts'
import { entryOf } from '../record-entry.ts'

/** A record store in memory. */
export function openMemoryRecordStore(): RecordStore {
  const kinds = new Map<RecordKind, Map<string, string>>()

  function recordsOf(kind: RecordKind): Map<string, string> {
    const known = kinds.get(kind)
    if (known) return known
    const fresh = new Map<string, string>()
    kinds.set(kind, fresh)
    return fresh
  }

  return {
    async write(changes) {
      for (const { kind, id, text } of changes.map(entryOf)) {
        if (text === null) recordsOf(kind).delete(id)
        else recordsOf(kind).set(id, text)
      }
    },
    async load(kind) {
      return [...recordsOf(kind)].map(([id, text]) => ({ id, value: JSON.parse(text) }))
    },
  }
}
