import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { QueueJournal } from '../lobby/queue/queue-log.ts'
import type { Log } from '../ports.ts'

// With more bytes waiting for a slow disk, lines are dropped.
const MAX_WAITING_BYTES = 1_000_000

export interface QueueLogFile extends QueueJournal {
  close(): Promise<void>
}

/** Appends one JSON line for each ticket that ended. Players have aliases that differ from process to process. */
export function openQueueLogFile(path: string, log: Log): QueueLogFile {
  const salt = randomBytes(16)
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 })
  let isBroken = false
  file.on('error', (err) => {
    if (!isBroken) log.error({ err, setting: 'QUEUE_LOG' }, 'queue log cannot be written')
    isBroken = true
  })
  return {
    write(line) {
      if (!isBroken && file.writableLength < MAX_WAITING_BYTES) file.write(`${JSON.stringify(line)}\n`)
    },
    aliasOf: (playerId) => createHash('sha256').update(salt).update(playerId).digest('base64url').slice(0, 12),
    close: () => new Promise((done) => (isBroken ? done() : file.end(() => done()))),
  }
}
