import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type GameName, games } from './durable/games.ts'
import type { Load } from './durable/pour.ts'
import type { Beside, ReadPlan } from './durable/reads.ts'
import { besideReads, perSecond, type Rounds, table, verdict } from './durable/report.ts'
import { kinds, type Plan, type Result } from './durable/run.ts'
import { hotspots } from './relay/profile.ts'

const { values: asked } = parseArgs({
  options: {
    matches: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    'in-flight': { type: 'string', default: '1' },
    // Actions per second in all matches together; by default as many as are answered.
    rate: { type: 'string' },
    games: { type: 'string', default: games.join(',') },
    only: { type: 'string', default: [...kinds, 'reads'].join(',') },
    // What is read beside the acts a second, and how many players are on the leaderboard.
    reads: { type: 'string', default: '200' },
    players: { type: 'string', default: '10000' },
    profile: { type: 'boolean', default: false },
    // Everything once, in seconds: whether it works, not how fast.
    smoke: { type: 'boolean', default: false },
  },
})

if (asked.smoke) Object.assign(asked, { matches: '50', seconds: '0.5', rounds: '1', players: '200' })
const chosen = games.filter((game) => asked.games.split(',').includes(game))
const only = kinds.filter((kind) => asked.only.split(',').includes(kind))
const rounds = Number(asked.rounds)
const load: Load = {
  matches: Number(asked.matches),
  inFlight: Number(asked['in-flight']),
  seconds: Number(asked.seconds),
  rate: asked.rate === undefined ? null : Number(asked.rate),
}

const BESIDE_READS_PER_SECOND = 5_000
const PATIENCE_MS = 120_000

/** Runs one store in a process of its own. */
const measure = (plan: Plan, profileDir?: string): Promise<Result> => runOf('durable/run.ts', plan, profileDir)

function runOf<T>(file: string, plan: Load, profileDir?: string): Promise<T> {
  const run = fileURLToPath(new URL(file, import.meta.url))
  const timeout = PATIENCE_MS + plan.seconds * 1_000
  const execArgv = profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : []
  return new Promise((resolve, reject) => {
    let result: T | null = null
    const child = fork(run, [JSON.stringify(plan)], { timeout, killSignal: 'SIGKILL', execArgv })
    child.on('message', (message) => {
      result = message as T
    })
    child.on('exit', (code) => (result ? resolve(result) : reject(new Error(`a run ended without a result, ${code}`))))
  })
}

async function compare() {
  const all = new Map<GameName, Rounds>(chosen.map((game) => [game, {}]))
  for (let round = 1; round <= rounds; round += 1) {
    for (const [game, results] of all) {
      for (const kind of only) {
        const result = await measure({ ...load, kind, game })
        results[kind] = [...(results[kind] ?? []), result]
        const outcome = [`${perSecond(result).toFixed(0)} acts/s`, ...result.faults].join(', ')
        console.error(`round ${round}, ${game}, ${kind}: ${outcome}`)
        if (result.faults.length > 0) process.exitCode = 1
      }
    }
  }
  const paced = load.rate === null ? '' : `, ${load.rate} acts/s asked for`
  const perRun = `${load.matches} matches, ${load.inFlight} in flight in each${paced}, ${load.seconds} s a run`
  console.log(`${perRun}, medians of ${rounds} alternating rounds\n\n${table(all)}\n`)
  const isWhole = only.includes('sqlite') && only.includes('bare') && load.rate === null
  if (isWhole) for (const [game, results] of all) console.log(verdict(game, results))
}

async function profile() {
  for (const game of chosen) {
    for (const kind of only) {
      const dir = mkdtempSync(join(tmpdir(), 'bench-durable-'))
      const { window } = await measure({ ...load, kind, game }, dir)
      console.log(`${game}, ${kind}: share of busy time, own time of a function`)
      for (const { where, share } of hotspots(dir, window, 20))
        console.log(`${(share * 100).toFixed(1).padStart(6)}%  ${where}`)
      rmSync(dir, { recursive: true })
    }
  }
}

async function readBeside() {
  const rate = load.rate ?? BESIDE_READS_PER_SECOND
  for (const kind of ['memory', 'sqlite'] as const) {
    const plan: ReadPlan = { ...load, rate, kind, rounds, reads: Number(asked.reads), players: Number(asked.players) }
    console.log(besideReads(plan, await runOf<Beside[]>('durable/reads.ts', plan)))
  }
}

if (asked.profile) await profile()
else {
  if (only.length > 0) await compare()
  if (asked.only.split(',').includes('reads')) await readBeside()
}
