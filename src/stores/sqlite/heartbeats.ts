import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../ports.ts'
import { openSealed, sealOf } from './file/checksum.ts'

/** When the service was last known to be alive. */
export function openBeats(database: DatabaseSync) {
  const write = database.prepare("INSERT OR REPLACE INTO meta (name, value, seal) VALUES ('beat', ?, ?)")
  const read = database.prepare("SELECT value, seal FROM meta WHERE name = 'beat'")
  read.setReadBigInts(true)

  const beat = (now: EpochMs): void => void write.run(now, sealOf(['beat'], String(now)))

  /** Null, too, when the value is not as it was written. */
  function lastBeat(): EpochMs | null {
    const { value, seal } = read.get() ?? {}
    return (openSealed(['beat'], String(value), seal)?.value as EpochMs | undefined) ?? null
  }

  return { beat, lastBeat }
}
