import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Latencies } from './join/bystander.ts'
import type { Deed, Done, Order } from './join/crowd.ts'
import { heading, lineOf, type Measured, nearness } from './join/report.ts'
import { cpuTimeOf } from './relay/cpu.ts'
import { hotspots } from './relay/profile.ts'
import { startServer } from './relay/servers.ts'

const { values: asked } = parseArgs({
  options: {
    seats: { type: 'string', default: '1000' },
    // The smaller room that the cost of a join is compared with.
    beside: { type: 'string', default: '100' },
    stores: { type: 'string', default: 'memory,sqlite' },
    only: { type: 'string', default: 'join,life,asked,claims,acts' },
    kib: { type: 'string', default: '20,100' },
    profile: { type: 'boolean', default: false },
    // Everything once, in seconds: whether it works, not how fast.
    smoke: { type: 'boolean', default: false },
  },
})
if (asked.smoke) Object.assign(asked, { seats: '40', beside: '20', kib: '20' })

type Store = 'memory' | 'sqlite'
const only = asked.only.split(',')
const stores = asked.stores.split(',') as Store[]
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const ACTORS = 64

interface Stage {
  store: Store
  mode: string
  seats: number
  stateKib?: number
}

/** A server with a crowd and a bystander, each a process of its own; the effect of the crowd is measured. */
async function onStage({ store, mode, seats, stateKib = 20 }: Stage, play: (stage: Playing) => Promise<void>) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-join-'))
  const adminToken = randomBytes(32).toString('hex')
  const env = {
    BENCH_SEATS: String(seats),
    BENCH_STATE_KIB: String(stateKib),
    ADMIN_TOKEN: adminToken,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    ...(store === 'sqlite' && { DATA_DIR: join(directory, 'data') }),
    BENCH_HOLDS: join(directory, 'holds'),
    NODE_OPTIONS: `--import ${new URL('join/holds.ts', import.meta.url)}`,
  }
  const profileDir = asked.profile ? mkdtempSync(join(tmpdir(), 'bench-join-profile-')) : undefined
  const start = (more = {}) =>
    startServer('muster', { config: here('join/muster.config.ts'), env: { ...env, ...more }, profileDir })
  let server = await start()
  let bystander = await begun(fork(here('join/bystander.ts'), [server.url]))
  const crowd = await begun(fork(here('join/crowd.ts')))

  const played: Measured[] = []
  async function does(deed: Deed): Promise<Measured> {
    bystander.send('begin')
    const before = cpuTimeOf(server.pid)
    const from = process.hrtime.bigint()
    const { faults } = await answerTo<Done>(crowd, { deed, url: server.url, mode, seats, adminToken } satisfies Order)
    const after = cpuTimeOf(server.pid)
    const to = process.hrtime.bigint()
    const latencies = await answerTo<Latencies>(bystander, 'end')
    if (faults.length > 0) process.exitCode = 1
    const measured: Measured = {
      about: { store, mode, seats, deed },
      ms: Number(to - from) / 1e6,
      cpuMs: (after.busyMicros - before.busyMicros) / 1_000,
      waited: (after.waitedMicros - before.waitedMicros) / (Number(to - from) / 1_000),
      longestTurnMs: longestTurn(env.BENCH_HOLDS, from, to),
      window: [Number(from / 1_000n), Number(to / 1_000n)],
      latencies,
      faults,
    }
    played.push(measured)
    return measured
  }
  async function restart(): Promise<void> {
    bystander.send('go')
    await server.stop()
    server = await start({ PORT: new URL(server.url).port })
    bystander = await begun(fork(here('join/bystander.ts'), [server.url]))
  }
  try {
    await play({ does, restart })
  } finally {
    bystander.disconnect()
    crowd.disconnect()
    await server.stop()
    if (profileDir) for (const measured of played) printHotspots(profileDir, measured)
    if (profileDir) rmSync(profileDir, { recursive: true })
    rmSync(directory, { recursive: true })
  }

  async function begun(child: ChildProcess): Promise<ChildProcess> {
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('a driver ended before it began'))),
    ])
    return child
  }
}

/** The most of the processor's time that one turn of the server's loop took between two instants. */
function longestTurn(file: string, from: bigint, to: bigint): number {
  const turns = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  const within = turns
    .map((turn) => turn.split(' ').map(Number))
    .filter(([at = 0]) => at * 1e3 >= from && at * 1e3 <= to)
  return Math.max(0, ...within.map(([, ms = 0]) => ms))
}

function printHotspots(profileDir: string, { about, window }: Measured): void {
  console.log(`${about.mode}, ${about.deed}: share of busy time, own time of a function`)
  for (const { where, share } of hotspots(profileDir, window, 25))
    console.log(`${(share * 100).toFixed(1).padStart(6)}%  ${where}`)
}

interface Playing {
  does: (deed: Deed) => Promise<Measured>
  restart: () => Promise<void>
}

async function answerTo<Answer>(child: ChildProcess, order: Order | string): Promise<Answer> {
  child.send(order)
  const [answer] = await once(child, 'message')
  return answer as Answer
}

const print = (measured: Measured): Measured => {
  console.log(lineOf(measured))
  return measured
}

async function joins(store: Store): Promise<void> {
  const perSeats: Measured[] = []
  for (const seats of [Number(asked.beside), Number(asked.seats)]) {
    await onStage({ store, mode: 'crowd', seats }, async ({ does }) => {
      await does('gather')
      perSeats.push(print(await does('join')))
    })
  }
  console.log(nearness(perSeats))
}

/** What else a room of so many goes through. */
async function life(store: Store): Promise<void> {
  await onStage({ store, mode: 'crowd', seats: Number(asked.seats) }, async ({ does, restart }) => {
    for (const deed of ['gather', 'join', 'watch', 'drop', 'back'] as const) print(await does(deed))
    if (store === 'sqlite') {
      await does('lose')
      await restart()
      print(await does('back'))
    }
    print(await does('leave'))
  })
}

async function readyCheck(store: Store): Promise<void> {
  await onStage({ store, mode: 'asked', seats: Number(asked.seats) }, async ({ does }) => {
    for (const deed of ['gather', 'accept', 'join', 'end'] as const) print(await does(deed))
  })
}

async function claims(store: Store): Promise<void> {
  await onStage({ store, mode: 'crowd', seats: Number(asked.seats) }, async ({ does }) => {
    await does('gather')
    await does('join')
    print(await does('claim'))
  })
}

async function acts(store: Store, mode: string, stateKib: number): Promise<void> {
  await onStage({ store, mode, seats: ACTORS, stateKib }, async ({ does }) => {
    await does('gather')
    await does('join')
    const measured = await does('act')
    measured.about.deed = `act, ${stateKib} KiB`
    print(measured)
  })
}

console.log(heading)
for (const store of stores) {
  if (only.includes('join')) await joins(store)
  if (only.includes('life')) await life(store)
  if (only.includes('asked')) await readyCheck(store)
  if (only.includes('claims')) await claims(store)
  if (!only.includes('acts')) continue
  for (const mode of ['alike', 'differing'])
    for (const kib of asked.kib.split(',')) await acts(store, mode, Number(kib))
}
process.exit()
