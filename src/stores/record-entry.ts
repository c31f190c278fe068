import type { RecordChange } from '../lobby/record-store.ts'

/** A change as it is stored: its text is made when it is handed in, so that what changes later does not matter. */
export interface RecordEntry extends Omit<RecordChange, 'value'> {
  /** Null to forget it. */
  text: string | null
}

/** Throws when the value is not JSON. */
export const entryOf = ({ kind, id, value }: RecordChange): RecordEntry => ({
  kind,
  id,
  text: value === null ? null : textOf(value),
})

function textOf(value: unknown): string {
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError('what is to be kept is not JSON')
  return text
}
