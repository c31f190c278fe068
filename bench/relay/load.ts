import { setTimeout as sleep } from 'node:timers/promises'
import { type CpuTime, cpuTimeOf } from './cpu.ts'
import type { Tally } from './ledger.ts'
import { seatPlayers } from './players.ts'
import { pour } from './pour.ts'

export interface Plan {
  url: string
  serverPid: number
  connections: number
  size: number
  deliveriesPerSecond: number
  warmUpSeconds: number
  seconds: number
}

export interface Result extends Tally {
  serverCpuMicros: number
  /** Share of the window at work, and share of it ready but without a core. */
  serverLoad: number
  serverWaited: number
  driverLoad: number
  driverWaited: number
  /** First and last instant of the measured window, in microseconds of the monotonic clock. */
  window: [number, number]
  /** Refusals and dropped connections, the first few. */
  troubles: string[]
}

const SETTLE_MS = 500
const monotonicMicros = () => Number(process.hrtime.bigint() / 1_000n)

/** Seats the players, warms the server up, and measures one window of load. */
async function run(plan: Plan): Promise<Result> {
  const players = await seatPlayers(plan.url, plan.connections, plan.size)
  const seated = players.filter((player) => player.room >= 0)
  const troubles: string[] = []
  for (const { wire } of players) wire.onTrouble = (why) => troubles.length < 5 && troubles.push(why)

  await sleep(SETTLE_MS)
  const flow = { ...plan, players: seated }
  const warmUp = await pour({ ...flow, seconds: plan.warmUpSeconds, first: 0 })

  const from = monotonicMicros()
  const before = { server: cpuTimeOf(plan.serverPid), driver: cpuTimeOf(process.pid) }
  const ledger = await pour({ ...flow, first: warmUp.end })
  const after = { server: cpuTimeOf(plan.serverPid), driver: cpuTimeOf(process.pid) }
  const to = monotonicMicros()

  const share = (whose: 'server' | 'driver', what: keyof CpuTime) =>
    (after[whose][what] - before[whose][what]) / (to - from)
  for (const { wire } of players) wire.close()
  return {
    ...ledger.tally(),
    serverCpuMicros: after.server.busyMicros - before.server.busyMicros,
    serverLoad: share('server', 'busyMicros'),
    serverWaited: share('server', 'waitedMicros'),
    driverLoad: share('driver', 'busyMicros'),
    driverWaited: share('driver', 'waitedMicros'),
    window: [from, to],
    troubles,
  }
}

// Nobody is left to report to.
process.on('disconnect', () => process.exit())
const result = await run(JSON.parse(process.argv[2] ?? '{}'))
process.send?.(result)
process.disconnect?.()
