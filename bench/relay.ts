import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Plan, Result } from './relay/load.ts'
import { hotspots } from './relay/profile.ts'
import { costOf, faultsOf, type Rounds, table, verdict } from './relay/report.ts'
import { type Kind, kinds, startServer } from './relay/servers.ts'

const { values: asked } = parseArgs({
  options: {
    connections: { type: 'string', default: '1000' },
    rooms: { type: 'string', default: '2,8,64' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '3' },
    // Deliveries per second in all rooms; by default about half of what a core can do.
    rate: { type: 'string' },
    only: { type: 'string', default: kinds.join(',') },
    profile: { type: 'boolean', default: false },
    // Everything once, in seconds: whether it works, not how fast.
    smoke: { type: 'boolean', default: false },
  },
})

if (asked.smoke) Object.assign(asked, { connections: '128', seconds: '1', rounds: '1', 'warm-up': '0.5', rate: '2000' })
const sizes = asked.rooms.split(',').map(Number)
const only = kinds.filter((kind) => asked.only.split(',').includes(kind))
const rounds = Number(asked.rounds)
const usualRate = (size: number) => (size === 2 ? 12_000 : 30_000)

async function measure(kind: Kind, size: number, profileDir?: string): Promise<Result> {
  const server = await startServer(kind, { sizes, profileDir })
  try {
    return await drive({
      url: server.url,
      serverPid: server.pid,
      connections: Number(asked.connections),
      size,
      deliveriesPerSecond: Number(asked.rate ?? usualRate(size)),
      warmUpSeconds: Number(asked['warm-up']),
      seconds: Number(asked.seconds),
    })
  } finally {
    await server.stop()
  }
}

const PATIENCE_MS = 60_000

/** Runs the load in a process of its own, so that its work is not counted as the server's. */
function drive(plan: Plan): Promise<Result> {
  const load = fileURLToPath(new URL('relay/load.ts', import.meta.url))
  const timeout = PATIENCE_MS + (plan.warmUpSeconds + plan.seconds) * 1_000
  return new Promise((resolve, reject) => {
    const driver = fork(load, [JSON.stringify(plan)], { timeout, killSignal: 'SIGKILL' })
    driver.on('message', (result) => resolve(result as Result))
    driver.on('exit', (code) => reject(new Error(`the driver ended without a result, code ${code}`)))
  })
}

async function compare() {
  const all = new Map<number, Rounds>(sizes.map((size) => [size, {}]))
  for (let round = 1; round <= rounds; round += 1) {
    for (const [size, results] of all) {
      for (const kind of only) {
        const run = await measure(kind, size)
        results[kind] = [...(results[kind] ?? []), run]
        const outcome = [`${costOf(run).toFixed(2)} µs`, ...faultsOf(run)].join(', ')
        console.error(`round ${round}, room of ${size}, ${kind}: ${outcome}`)
        if (faultsOf(run).length > 0) process.exitCode = 1
      }
    }
  }
  const perRun = `${asked.connections} connections, 64-byte messages, ${asked.seconds} s a run`
  console.log(`${perRun}, medians of ${rounds} alternating rounds\n\n${table(all)}\n`)
  if (only.length === kinds.length) for (const [size, results] of all) console.log(verdict(size, results))
}

async function profile(kind: Kind) {
  for (const size of sizes) {
    const dir = mkdtempSync(join(tmpdir(), 'bench-relay-'))
    const { window } = await measure(kind, size, dir)
    console.log(`${kind}, room of ${size}: share of busy time, own time of a function`)
    for (const { where, share } of hotspots(dir, window))
      console.log(`${(share * 100).toFixed(1).padStart(6)}%  ${where}`)
    rmSync(dir, { recursive: true })
  }
}

await (asked.profile ? profile(only.at(-1) ?? 'muster') : compare())
