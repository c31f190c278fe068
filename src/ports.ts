/** An instant: integer milliseconds since 1970 on the server's clock. */
export type EpochMs = number

/** Cancels the call that returned it; a second call does nothing. */
export type Cancel = () => void

export interface Clock {
  now(): EpochMs
  /** Runs the task once, at `instant` or soon after, never before. */
  at(instant: EpochMs, task: () => void): Cancel
}

/** Milliseconds on this machine's monotonic clock, with fractions: measures how long work holds the event loop. */
export type Elapsed = () => number

/** Shares the event loop between owners of jobs. */
export interface LoopTurns {
  /** Runs the job at once while the turn has time left, else in a later turn, after the owner's waiting jobs. */
  run(owner: unknown, job: () => void): void
  /** Runs the job in a later turn of the loop. */
  later(owner: unknown, job: () => void): void
}

/** Runs every job at once. */
export const atOnce: LoopTurns = { run: (_, job) => job(), later: (_, job) => job() }

/** A unique id that cannot be guessed. */
export type NewId = () => string

/** The id of a connection, which belongs to one namespace. */
export type ConnectionId = string

/** Between 0 and 1, 1 excluded; not for secrets. */
export type Random = () => number

/** Fields first, then a short past-tense phrase. Ids, codes and sizes; never payloads, tokens or invite codes. */
export interface Log {
  debug(fields: object, phrase: string): void
  info(fields: object, phrase: string): void
  warn(fields: object, phrase: string): void
  error(fields: object, phrase: string): void
}
