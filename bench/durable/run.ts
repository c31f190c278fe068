import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openSqliteStores } from '../../src/stores/sqlite/stores.ts'
import { systemClock } from '../../src/system/system.ts'
import { openBare, textsOf } from './bare.ts'
import { type GameName, gameOf } from './games.ts'
import { openActors } from './muster.ts'
import { type Load, type Poured, pour, warmUp } from './pour.ts'

export const kinds = ['memory', 'sqlite', 'bare'] as const
export type Kind = (typeof kinds)[number]

export interface Plan extends Load {
  kind: Kind
  game: GameName
}
export interface Result extends Poured {
  /** Snapshot and line of one action. */
  bytesPerAct: number
  faults: string[]
}

async function run({ kind, game, ...load }: Plan, directory: string): Promise<Result> {
  const { warmUpActs } = gameOf[game]
  const texts = await textsOf(gameOf[game])
  const { act, close, told } = await open()
  await warmUp(act, load.matches, warmUpActs)
  const toldBefore = told()
  const poured = await pour(act, load)
  const faults = [...new Set(poured.refusals)]
  if (told() - toldBefore !== poured.acts) faults.push('actions were not told once')
  await close()
  return { ...poured, faults, bytesPerAct: Buffer.byteLength(texts.snapshot) + Buffer.byteLength(texts.line) }

  async function open() {
    if (kind === 'bare') return openBare(directory, texts, load.matches)
    const log = { debug() {}, info() {}, warn: console.error, error: console.error }
    const store =
      kind === 'memory'
        ? openMemoryMatchStore()
        : (await openSqliteStores({ directory, clock: systemClock, log })).store
    return openActors(gameOf[game], store, load.matches)
  }
}

// Each run is a process of its own: the remains of one would be measured with the next.
const plan = process.argv[2]
if (plan && process.send) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-durable-'))
  try {
    process.send(await run(JSON.parse(plan) as Plan, directory))
  } finally {
    rmSync(directory, { recursive: true })
  }
  process.disconnect()
}
