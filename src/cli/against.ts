import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Mode } from '../config/modes.ts'
import { openSqliteStores } from '../stores/sqlite/stores.ts'
import { machine } from '../system/system.ts'
import { copyData } from './copy-data.ts'
import { type Finding, findingOf } from './replay-match.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

export interface Replayed {
  /** Open matches that were looked at. */
  matches: number
  findings: Finding[]
}

/**
 * Replays the open matches of a data directory with the rules of a config, from a copy: a service may be running on it.
 * Finds each match that the new rules would break, or would have played in another way.
 */
export async function replayAgainst(directory: string, { modes, titles }: Config): Promise<Replayed> {
  const copy = mkdtempSync(join(tmpdir(), 'muster-check-'))
  try {
    await copyData(directory, copy)
    const own = await replayStore(copy, modes)
    const others = [...titles].map(([id, title]) => replayStore(join(copy, 'titles', id), title.modes))
    const all = [own, ...(await Promise.all(others))]
    return {
      matches: all.reduce((sum, { matches }) => sum + matches, 0),
      findings: all.flatMap(({ findings }) => findings),
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

async function replayStore(directory: string, modes: ReadonlyMap<string, Mode>): Promise<Replayed> {
  if (!existsSync(join(directory, 'muster.db'))) return { matches: 0, findings: [] }
  const { store } = await openSqliteStores({ directory, clock: machine.clock, log: quiet })
  try {
    const { matches } = await store.load()
    const found = matches.map(async (record) => findingOf(record, await store.tail(record.matchId, 0), modes))
    return { matches: matches.length, findings: (await Promise.all(found)).filter((finding) => finding !== null) }
  } finally {
    await store.close()
  }
}
