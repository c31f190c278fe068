import type { RecordChange } from '../lobby/record-store.ts'

/** A change as it is stored. The value is serialized when it is handed in, so later changes of it do not matter. */
export interface RecordEntry extends Omit<RecordChange, 'value'> {
  /** JSON; null deletes the record. */
  text: string | null
}

/** Throws a `TypeError` when the value is not JSON. */
export const entryOf = ({ kind, id, value }: RecordChange): RecordEntry => ({
  kind,
  id,
  text: value === null ? null : textOf(value),
})

function textOf(value: unknown): string {
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError('the value of a record is not JSON')
  return text
}
