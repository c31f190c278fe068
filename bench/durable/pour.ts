import { setTimeout as sleep } from 'node:timers/promises'
import { cpuTimeOf } from '../relay/cpu.ts'

export interface Load {
  matches: number
  /** Actions under way in each match. */
  inFlight: number
  seconds: number
  /** Actions per second in all matches together; null for as many as are answered. */
  rate: number | null
}
export interface Poured {
  acts: number
  seconds: number
  p50Ms: number
  p99Ms: number
  /** CPU time of the process per action, the load's own share included. */
  microsPerAct: number
  /** Share of the time in which the process was ready and other work had the cores. */
  waited: number
  /** What actions were refused with; a match that refuses one is asked for no more. */
  refusals: string[]
  /** Start and end in microseconds of the monotonic clock. */
  window: [number, number]
}
/** Resolves to the refusal, or null. */
type Act = (match: number) => Promise<string | null>

/** Makes so many actions happen in each match, one after the other. */
export async function warmUp(act: Act, matches: number, acts: number): Promise<void> {
  const lane = async (_: unknown, match: number) => {
    for (let n = 0; n < acts; n += 1) if ((await act(match)) !== null) return
  }
  await Promise.all(Array.from({ length: matches }, lane))
}

/** Keeps actions under way in every match, and measures until the last of them is answered. */
export async function pour(act: Act, { matches, inFlight, seconds, rate }: Load): Promise<Poured> {
  const lanes = matches * inFlight
  const paceMs = rate === null ? 0 : (lanes / rate) * 1_000
  const latencies: number[] = []
  const refusals: string[] = []
  const before = cpuTimeOf(process.pid)
  const start = performance.now()
  const end = start + seconds * 1_000

  async function lane(_: unknown, n: number): Promise<void> {
    for (let due = start + (n / lanes) * paceMs; due < end && performance.now() < end; due += paceMs) {
      if (paceMs > 0) await sleep(Math.max(0, due - performance.now()))
      // An action that could not be asked for in time has waited as well; timers may be early by less than 1 ms.
      const asked = paceMs > 0 ? Math.min(due, performance.now()) : performance.now()
      const refusal = await act(n % matches)
      if (refusal !== null) return void refusals.push(refusal)
      latencies.push(performance.now() - asked)
    }
  }
  const from = micros()
  await Promise.all(Array.from({ length: lanes }, lane))
  const took = (performance.now() - start) / 1_000
  const after = cpuTimeOf(process.pid)

  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN
  return {
    acts: sorted.length,
    seconds: took,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    microsPerAct: (after.busyMicros - before.busyMicros) / sorted.length,
    waited: (after.waitedMicros - before.waitedMicros) / took / 1e6,
    refusals,
    window: [from, micros()],
  }
}

const micros = () => Number(process.hrtime.bigint() / 1_000n)
