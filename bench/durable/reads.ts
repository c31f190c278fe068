import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mode } from '../../src/config/modes.ts'
import { createProfiles } from '../../src/lobby/people/profiles.ts'
import type { MatchStore } from '../../src/match/match-store.ts'
import { createRecordBook } from '../../src/match/results/record-book.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openSqliteStores } from '../../src/stores/sqlite/stores.ts'
import { newId, systemClock } from '../../src/system/system.ts'
import { textsOf } from './bare.ts'
import { gameOf } from './games.ts'
import { openActors } from './muster.ts'
import { type Load, pour, warmUp } from './pour.ts'
import { openRated } from './rated.ts'

export interface ReadPlan extends Load {
  kind: 'memory' | 'sqlite'
  /** Of two windows each: without reads, and with them. */
  rounds: number
  /** Leaderboards and players, in turn, asked after in a second. */
  reads: number
  /** How many are on the leaderboard. */
  players: number
}
/** Acts a second in the two windows of a round, and how long reads took in the second. */
export interface Beside {
  alone: number
  beside: number
  readMs: number[]
}

const RATED_PER_SECOND = 20
const duel = mode.parse({ id: 'duel', teams: { count: 2, size: 1 }, rated: true })
const log = { debug() {}, info() {}, warn: console.error, error: console.error }

async function run({ kind, rounds, reads, players, ...load }: ReadPlan, store: MatchStore): Promise<Beside[]> {
  const { snapshot } = await textsOf(gameOf.plain)
  const { playerIds, playOne } = await openRated(store, duel.id, JSON.parse(snapshot), players)
  const { act, close } = await openActors(gameOf.plain, store, load.matches)
  const ask = askerOf(store, playerIds)
  await warmUp(act, load.matches, gameOf.plain.warmUpActs)
  const found: Beside[] = []
  for (let round = 0; round < rounds; round += 1) {
    const alone = await window(null)
    const beside = await window(ask)
    found.push({ alone: alone.rate, beside: beside.rate, readMs: beside.readMs })
  }
  await close()
  return found

  /** Rated matches end in both windows, so that the reads meet writes of the same data. */
  async function window(read: ((n: number) => Promise<unknown>) | null) {
    const readMs: number[] = []
    const stops = [every(1_000 / RATED_PER_SECOND, (n) => playOne(2 * n, 2 * n + 1))]
    if (read)
      stops.push(
        every(1_000 / reads, async (n, due) => {
          await read(n)
          readMs.push(performance.now() - due)
        }),
      )
    const { acts, seconds, refusals } = await pour(act, load)
    await Promise.all(stops.map((stop) => stop()))
    if (refusals.length > 0) throw new Error(`an act was refused: ${refusals[0]}`)
    return { rate: acts / seconds, readMs }
  }
}

function askerOf(store: MatchStore, playerIds: readonly PlayerId[]) {
  const modes = new Map([[duel.id, duel]])
  const book = createRecordBook({ store, modes, log })
  const profiles = createProfiles({ book, modes, log, whoIs: () => null, isBlocked: () => false })
  const asking = newId() as PlayerId
  return async (n: number): Promise<void> => {
    const playerId = playerIds[(n * 7_919) % playerIds.length] as PlayerId
    const asked = n % 2 === 0 ? profiles.leaderboard({ mode: duel.id }) : profiles.player(asking, { playerId })
    const answer = await asked
    if (!answer.ok) throw new Error(`a read was refused: ${answer.error.code}`)
  }
}

/** Starts a task at an even pace, whether or not the last one is done; the stop waits for all of them. */
function every(ms: number, task: (n: number, due: number) => Promise<unknown>): () => Promise<void> {
  let isOver = false
  const running: Promise<unknown>[] = []
  const start = performance.now()
  const pace = (async () => {
    for (let n = 0; !isOver; n += 1) {
      const due = start + n * ms
      await sleep(Math.max(0, due - performance.now()))
      if (!isOver) running.push(task(n, due))
    }
  })()
  return async () => {
    isOver = true
    await pace
    await Promise.all(running)
  }
}

const plan = process.argv[2]
if (plan && process.send) {
  const asked = JSON.parse(plan) as ReadPlan
  const directory = mkdtempSync(join(tmpdir(), 'bench-durable-'))
  try {
    const inMemory = asked.kind === 'memory'
    const store = inMemory
      ? openMemoryMatchStore()
      : (await openSqliteStores({ directory, clock: systemClock, log })).store
    process.send(await run(asked, store))
  } finally {
    rmSync(directory, { recursive: true })
  }
  process.disconnect()
}
