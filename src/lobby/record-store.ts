/** What is kept beside the matches, so that it outlives the process. */
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

/** One thing that is kept: JSON, whole; null to forget it. */
export interface RecordChange {
  kind: RecordKind
  id: string
  value: unknown
}
export interface KeptRecord {
  id: string
  value: unknown
}

/** Where tickets, lobbies, parties and people's own lists outlive the process, with some stores. */
export interface RecordStore {
  /** Stores all of the changes or none, in this order; rejects when nothing can be stored right now or a value is not JSON. */
  write(changes: readonly RecordChange[]): Promise<void>
  /** All of one kind, in the order in which they were first stored; what is damaged is left out and logged. */
  load(kind: RecordKind): Promise<KeptRecord[]>
}
