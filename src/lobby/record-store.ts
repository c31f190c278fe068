/** The kinds of records, which are stored beside the matches. */
export type RecordKind =
  | 'ticket'
  | 'penalty'
  | 'newcomers'
  | 'party'
  | 'lobby'
  | 'person'
  | 'mail'
  | 'chat'
  | 'aside'
  | 'ended'

/** A change of one record: its whole new value as JSON, or null to remove it. */
export interface RecordChange {
  kind: RecordKind
  id: string
  value: unknown
}
export interface KeptRecord {
  id: string
  value: unknown
}

/** Stores tickets, lobbies, parties and players' own lists. With some stores they outlive the process. */
export interface RecordStore {
  /** Stores all of the changes or none, in this order; rejects when nothing can be stored right now or a value is not JSON. */
  write(changes: readonly RecordChange[]): Promise<void>
  /** All records of a kind, in the order in which they were first stored. Damaged ones are left out and logged. */
  load(kind: RecordKind): Promise<KeptRecord[]>
}
