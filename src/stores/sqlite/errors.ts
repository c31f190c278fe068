const BUSY = 5
const LOCKED = 6
const IO = 10
const FULL = 13
/** Rights, memory, room, and a file that cannot be opened. */
const SURROUNDINGS = [3, 7, FULL, 14]

/** The directory is in use by another Muster process, or twice within one. */
export class StoreLockedError extends Error {
  constructor(directory: string, cause: unknown) {
    super(`${directory} is in use by another Muster process: stop it first, or give each a directory of its own`, {
      cause,
    })
  }
}

/** Nothing can be stored or read right now; `cause` says why. What was stored before is still there. */
export class StoreUnavailableError extends Error {
  constructor(what: string, cause?: unknown) {
    super(cause instanceof Error ? `${what}: ${cause.message}` : what, { cause })
  }
}

/** Somebody else has the file open. */
export const isLocked = (fault: unknown): boolean => [BUSY, LOCKED].includes(codeOf(fault))

/** Another file in the same place would fare no better. */
export const isOfSurroundings = (fault: unknown): boolean => SURROUNDINGS.includes(codeOf(fault))

/** The disk is full, or a file has reached a limit, which is told as a failed write. */
export const isForWantOfRoom = (fault: unknown): boolean => [IO, FULL].includes(codeOf(fault))

// SQLite's extended codes carry the plain one in the lowest byte.
const codeOf = (fault: unknown): number => Number((fault as { errcode?: number } | null)?.errcode ?? 0) & 0xff
