import type { Matchmaker } from '../../src/matchmaker/api.ts'
import { arrivalsOf, type Population, usual } from '../../tools/lab/arrivals/population.ts'
import { quantile } from '../../tools/lab/report/statistics.ts'
import { stopwatch } from './clock.ts'
import { atMost, MAX_WORK, type Make, type Row } from './subject.ts'

// A million queued, and 10,000 arriving in a second.
const SECONDS_QUEUED = 100
const TICK_MS = 10
const MEASURED_MS = 20_000
// No gap is ever small enough, so every ticket waits this long, or is taken by one that has: about a million stay
// queued.
const PATIENT = { pointsPerSecond: 1e-9, maxWaitMs: 160_000 }

const population: Omit<Population, 'teamSize' | 'seconds' | 'rate'> = {
  ...usual,
  seed: 1,
  mode: 'm',
  hasRegions: false,
}

interface Load {
  teamSize: number
  rate: number
  from: number
  until: number
}
/** Adds tickets as they come and ticks a hundred times a second; the durations of the ticks from an instant on. */
function pour(matchmaker: Matchmaker, { teamSize, rate, from, until }: Load) {
  // What the last load has left in the heap is not this one's to clear away.
  globalThis.gc?.()
  const arrivals = arrivalsOf({ ...population, teamSize, rate, seconds: until / 1_000 })
  const ticks: { cpuMs: number; wallMs: number }[] = []
  let next = arrivals.next()
  let queued = 0
  for (let now = 0; now < until; now += TICK_MS) {
    for (; !next.done && next.value.at < now; next = arrivals.next()) matchmaker.add(next.value.ticket, next.value.at)
    const dueAt = matchmaker.nextAt()
    if (dueAt === null || dueAt > now) continue
    const read = stopwatch()
    for (const { id } of matchmaker.tick(now, { maxWork: MAX_WORK })) matchmaker.confirm(id)
    if (now >= from) ticks.push(read())
    queued = matchmaker.stats().queued
  }
  return { ticks, queued }
}

function rowsOf(name: string, { ticks, queued }: ReturnType<typeof pour>): Row[] {
  const wall = ticks.map(({ wallMs }) => wallMs).sort((a, b) => a - b)
  const cpu = ticks.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b)
  const more = `half of them ${quantile(cpu, 0.5).toFixed(2)} ms, p99 on the wall ${quantile(wall, 0.99).toFixed(2)} ms`
  return [
    { ...atMost(`tick p99, ${name}, ${(queued / 1e6).toFixed(2)} M`, quantile(cpu, 0.99), 5, ' ms'), more },
    {
      ...atMost(`  longest of ${ticks.length} ticks`, cpu.at(-1) ?? 0, 30, ' ms'),
      more: `on the wall ${(wall.at(-1) ?? 0).toFixed(2)} ms`,
    },
  ]
}

/** A million tickets that want an attribute no one has, beside a busy queue. */
function besideNever(make: Make, tickets: number): Row[] {
  const matchmaker = make({ modes: [{ id: 'm', teams: 2, teamSize: 1 }] })
  const rate = tickets / SECONDS_QUEUED
  for (let n = 0; n < tickets; n += 1)
    matchmaker.add(
      { id: `n${n}`, mode: 'm', players: [{ id: `n${n}`, mu: 500 + (2_000 * n) / tickets }], wants: { pad: true } },
      0,
    )
  return rowsOf('1v1 beside those who cannot', pour(matchmaker, { teamSize: 1, rate, from: 5_000, until: MEASURED_MS }))
}

function patient(make: Make, tickets: number, name: string, teamSize: number): Row[] {
  const matchmaker = make({ modes: [{ id: 'm', teams: 2, teamSize }], ...PATIENT })
  const from = PATIENT.maxWaitMs + 5_000
  return rowsOf(name, pour(matchmaker, { teamSize, rate: tickets / SECONDS_QUEUED, from, until: from + MEASURED_MS }))
}

/** What a tick takes with about a million queued and 10,000 arriving in a second. */
export const measureSteady = (make: Make, tickets: number): Row[] => [
  ...patient(make, tickets, '1v1, all patient', 1),
  ...patient(make, tickets, '5v5, all patient', 5),
  ...besideNever(make, tickets),
]
