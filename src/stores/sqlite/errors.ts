const BUSY = 5
const LOCKED = 6
const IO = 10
const FULL = 13
/** Permissions, memory, disk space, and a file that cannot be opened. */
const SURROUNDINGS = [3, 7, FULL, 14]

/** The directory is already in use, by another Muster process or by this one. */
export class StoreLockedError extends Error {
  constructor(directory: string, cause: unknown) {
    super(`${directory} is in use by another Muster process: stop it first, or give each a directory of its own`, {
      cause,
    })
  }
}

/** Nothing can be written or read now; `cause` says why. Earlier data is intact. */
export class StoreUnavailableError extends Error {
  constructor(what: string, cause?: unknown) {
    super(cause instanceof Error ? `${what}: ${cause.message}` : what, { cause })
  }
}

/** Another process has the file open. */
export const isLocked = (fault: unknown): boolean => [BUSY, LOCKED].includes(codeOf(fault))

/** The fault is in the environment, not in the file: a new file would fail in the same way. */
export const isOfSurroundings = (fault: unknown): boolean => SURROUNDINGS.includes(codeOf(fault))

/** The disk is full, or a file has reached a limit, which SQLite reports as an I/O error. */
export const isOutOfSpace = (fault: unknown): boolean => [IO, FULL].includes(codeOf(fault))

// The lowest byte of SQLite's extended codes is the primary code.
const codeOf = (fault: unknown): number => Number((fault as { errcode?: number } | null)?.errcode ?? 0) & 0xff
