import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../ports.ts'
import type { Uptime } from '../../util/outage.ts'
import { checksumOf, readChecked } from './file/checksum.ts'

const UPTIME = 'uptime '

/** The last heartbeat of the service, by the clock and by the machine's uptime. */
export function openBeats(database: DatabaseSync) {
  const write = database.prepare('INSERT OR REPLACE INTO meta (name, value, seal) VALUES (?, ?, ?)')
  // An uptime of an earlier boot would be older than the heartbeat.
  const forget = database.prepare(`DELETE FROM meta WHERE name LIKE '${UPTIME}%' AND name <> ?`)
  const read = database.prepare('SELECT name, value, seal FROM meta WHERE name LIKE ?')
  read.setReadBigInts(true)

  function beat(now: EpochMs, uptime: Uptime | null): void {
    const name = UPTIME + (uptime?.start ?? '')
    put('beat', now)
    forget.run(name)
    if (uptime) put(name, Math.round(uptime.ms))
  }

  const put = (name: string, value: number): void => void write.run(name, value, checksumOf([name], String(value)))

  /** Null when there is no value, or it is damaged. */
  function find(pattern: string): { name: string; value: number } | null {
    const { name, value, seal } = read.get(pattern) ?? {}
    const opened = readChecked([String(name)], String(value), seal)
    return opened && { name: String(name), value: opened.value as number }
  }

  return {
    beat,
    lastBeat: (): EpochMs | null => find('beat')?.value ?? null,
    lastUptime(): Uptime | null {
      const found = find(`${UPTIME}%`)
      return found && { start: found.name.slice(UPTIME.length), ms: found.value }
    },
  }
}
