import type { DatabaseSync } from 'node:sqlite'
import { isForWantOfRoom, StoreUnavailableError } from './errors.ts'
import type { TransactionCount } from './file/transaction-count.ts'
import { type Subjects, trackPending, type Write } from './pending.ts'

// A turn may bring thousands; players on other matches should not wait for all of them.
const MAX_WRITES = 1_000

interface Waiting extends Write {
  write(): unknown
  isLasting: boolean
  resolve(answer: unknown): void
  reject(fault: StoreUnavailableError): void
  /** Answered once it is decided what became of the write. */
  readers: (() => void)[] | null
}

interface Adding {
  /** What the write changes; who reads something else does not wait for it. */
  touches?: Subjects
  isLasting?: boolean
}

export type Batch = ReturnType<typeof openBatch>

/** Gathers the writes of one turn of the event loop into one transaction. */
export function openBatch(database: DatabaseSync, turns: TransactionCount) {
  const pending = trackPending<Waiting>()
  let waiting: Waiting[] = []
  let count = 0

  /**
   * Runs the write in its turn; a later one sees what an earlier one did. Resolves to what the write returned once it is
   * committed. When one write of a transaction fails, none of them happened, and all reject with a
   * `StoreUnavailableError`. A lasting one is on the disk when it resolves, so a power cut leaves it be.
   */
  function add<T>(write: () => T, { touches = 'everything', isLasting = false }: Adding = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(writeSome)
      count += 1
      const answer = resolve as (answer: unknown) => void
      const added: Waiting = { n: count, touches, write, isLasting, resolve: answer, reject, readers: null }
      waiting.push(added)
      pending.add(added)
    })
  }

  /**
   * Asks what is on record of the subjects, after everything that was handed in before and touches them. What waits is
   * never written for a read's sake: a transaction for each read would cost everyone who writes.
   */
  async function read<T>(subjects: Subjects, ask: () => T): Promise<T> {
    const before = pending.lastOf(subjects)
    if (!before) return ask()
    return new Promise((resolve, reject) => {
      before.readers ??= []
      before.readers.push(() => {
        try {
          resolve(ask())
        } catch (fault) {
          reject(fault)
        }
      })
    })
  }

  function writeSome(): void {
    const writes = waiting.slice(0, MAX_WRITES)
    waiting = waiting.slice(MAX_WRITES)
    if (waiting.length > 0) setImmediate(writeSome)
    if (writes.length > 0) writeAll(writes)
  }

  function writeAll(writes: readonly Waiting[]): void {
    try {
      const answers = inTransactionWithRoom(writes)
      for (const [n, { resolve }] of writes.entries()) resolve(answers[n])
    } catch (cause) {
      const fault = new StoreUnavailableError('nothing could be stored', cause)
      for (const { reject } of writes) reject(fault)
    }
    for (const write of writes) settle(write)
  }

  // At once, since what was asked before the database is closed can still be answered.
  function settle(write: Waiting): void {
    pending.settle(write)
    for (const answer of write.readers ?? []) answer()
  }

  // The write-ahead log grows with every transaction; emptied into the database, which may have all its pages already,
  // it starts over. So a full disk stops nothing but what needs more room.
  function inTransactionWithRoom(writes: readonly Waiting[]): unknown[] {
    try {
      return inTransaction(writes)
    } catch (fault) {
      if (!isForWantOfRoom(fault)) throw fault
      database.exec('PRAGMA wal_checkpoint')
      return inTransaction(writes)
    }
  }

  function inTransaction(writes: readonly Waiting[]): unknown[] {
    const isLasting = writes.some((write) => write.isLasting)
    database.exec(`PRAGMA synchronous = ${isLasting ? 'FULL' : 'NORMAL'}; BEGIN`)
    try {
      const answers = writes.map(({ write }) => write())
      turns.begin()
      database.exec('COMMIT')
      turns.end()
      return answers
    } catch (fault) {
      // When the disk is full SQLite may have rolled back already.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw fault
    }
  }

  /** Writes everything that waits, now. */
  function flush(): void {
    while (waiting.length > 0) writeSome()
  }

  return { add, read, flush }
}
