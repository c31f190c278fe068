/** An instant: integer milliseconds since 1970 on the server's clock. */
export type EpochMs = number

/** Undoes what handed it out; calling it again does nothing. */
export type Cancel = () => void

export interface Clock {
  now(): EpochMs
  /** Runs the task once, at `instant` or soon after, never before. */
  at(instant: EpochMs, task: () => void): Cancel
}

/** Milliseconds on this machine's steady clock, with fractions: for what must not hold the loop for long. */
export type Elapsed = () => number

/** The loop, shared between many who want much. */
export interface LoopTurns {
  /** Does the job at once while the loop is quick, else in a later turn of it, after what `who` has waiting already. */
  run(who: unknown, job: () => void): void
  /** Does the job in a later turn of the loop. */
  later(who: unknown, job: () => void): void
}

/** For who has the loop to themselves. */
export const atOnce: LoopTurns = { run: (_, job) => job(), later: (_, job) => job() }

/** A fresh id that nobody can guess and nobody else has. */
export type NewId = () => string

/** Between 0 and 1, 1 excluded; not for secrets. */
export type Random = () => number

/** Fields first, then a short past-tense phrase. Ids, codes and sizes; never payloads, tokens or invite codes. */
export interface Log {
  debug(fields: object, phrase: string): void
  info(fields: object, phrase: string): void
  warn(fields: object, phrase: string): void
  error(fields: object, phrase: string): void
}
