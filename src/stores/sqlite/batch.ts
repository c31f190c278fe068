import type { DatabaseSync } from 'node:sqlite'
import { isOutOfSpace, StoreUnavailableError } from './errors.ts'
import type { TransactionCount } from './file/transaction-count.ts'
import { type Subjects, trackPending, type Write } from './pending.ts'

// One turn may bring thousands of writes; smaller transactions answer the first ones sooner.
const MAX_WRITES = 1_000

interface Waiting extends Write {
  write(): unknown
  isLasting: boolean
  resolve(answer: unknown): void
  reject(fault: StoreUnavailableError): void
  /** Reads that run after the write has succeeded or failed. */
  readers: (() => void)[] | null
}

interface AddOptions {
  /** What the write changes: reads of other subjects do not wait for it. */
  touches?: Subjects
  /** Whether the write must survive a power cut. */
  isLasting?: boolean
}

export type Batch = ReturnType<typeof openBatch>

/** Gathers the writes of one turn of the event loop into one transaction. */
export function openBatch(database: DatabaseSync, transactions: TransactionCount) {
  const pending = trackPending<Waiting>()
  let waiting: Waiting[] = []
  let count = 0

  /**
   * Queues a write; writes run in order. Resolves to the result of `write` once it is committed. If one write of a
   * transaction fails, the transaction is rolled back, and all its writes reject with a `StoreUnavailableError`. A
   * lasting write is on the disk when it resolves.
   */
  function add<T>(write: () => T, { touches = 'everything', isLasting = false }: AddOptions = {}): Promise<T> {
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
   * Reads after all earlier writes that touch the subjects. A read waits for their transaction and does not start it: a
   * transaction for each read would slow all writes down.
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

  // Answers reads at once: the database may be closed after this.
  function settle(write: Waiting): void {
    pending.settle(write)
    for (const answer of write.readers ?? []) answer()
  }

  // On a full disk a checkpoint lets the write-ahead log start over; then a transaction that needs no new pages fits.
  function inTransactionWithRoom(writes: readonly Waiting[]): unknown[] {
    try {
      return inTransaction(writes)
    } catch (fault) {
      if (!isOutOfSpace(fault)) throw fault
      database.exec('PRAGMA wal_checkpoint')
      return inTransaction(writes)
    }
  }

  function inTransaction(writes: readonly Waiting[]): unknown[] {
    const isLasting = writes.some((write) => write.isLasting)
    database.exec(`PRAGMA synchronous = ${isLasting ? 'FULL' : 'NORMAL'}; BEGIN`)
    try {
      const answers = writes.map(({ write }) => write())
      transactions.begin()
      database.exec('COMMIT')
      transactions.end()
      return answers
    } catch (fault) {
      // On a full disk SQLite may have rolled back already.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw fault
    }
  }

  /** Writes everything that waits now. */
  function flush(): void {
    while (waiting.length > 0) writeSome()
  }

  return { add, read, flush }
}
