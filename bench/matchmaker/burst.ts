import type { Matchmaker, Ticket } from '../../src/matchmaker/api.ts'
import { arrivalsOf, usual } from '../../tools/lab/arrivals/population.ts'
import { regionNames } from '../../tools/lab/arrivals/regions.ts'
import { median, stopwatch } from './clock.ts'
import { atMost, MAX_WORK, type Make, type Row } from './subject.ts'

const TIMES_FEWER = 10
const ROUNDS = 3
const MAX_WAIT_MS = 120_000
const TICK_MS = 10

interface Burst {
  name: string
  teamSize: number
  hasRegions: boolean
  /** Without it the row has no target. */
  mostMicros?: number
}
const bursts: readonly Burst[] = [
  { name: '1v1', teamSize: 1, hasRegions: false, mostMicros: 4 },
  { name: '5v5 with parties', teamSize: 5, hasRegions: false, mostMicros: 8 },
  { name: '1v1, four regions', teamSize: 1, hasRegions: true },
  { name: '5v5, four regions', teamSize: 5, hasRegions: true },
]

function ticketsOf(count: number, { teamSize, hasRegions }: Burst): Ticket[] {
  const tickets: Ticket[] = []
  const population = { ...usual, seed: 1, mode: 'm', teamSize, rate: count, seconds: 2, hasRegions }
  for (const { ticket } of arrivalsOf(population)) if (tickets.push(ticket) === count) break
  return tickets
}

/** Everybody comes in the same instant; then ticks, as fast as they are allowed, until nothing more can be matched. */
function play(make: Make, tickets: readonly Ticket[], { teamSize, hasRegions }: Burst) {
  const regions = hasRegions ? { regions: regionNames } : {}
  const matchmaker = make({ modes: [{ id: 'm', teams: 2, teamSize }], ...regions, maxWaitMs: MAX_WAIT_MS })
  globalThis.gc?.()
  const read = stopwatch()
  for (const ticket of tickets) matchmaker.add(ticket, 0)
  const dry = untilDry(matchmaker)
  return { ...dry, micros: (read().cpuMs * 1_000) / tickets.length }
}

function untilDry(matchmaker: Matchmaker) {
  let [now, gaps, matches, longestMs] = [0, 0, 0, 0]
  for (let at = matchmaker.nextAt(); at !== null && now < 2 * MAX_WAIT_MS; at = matchmaker.nextAt()) {
    now = Math.max(now + TICK_MS, Math.ceil(at))
    const read = stopwatch()
    for (const { id, gap } of matchmaker.tick(now, { maxWork: MAX_WORK })) {
      matchmaker.confirm(id)
      matches += 1
      gaps += gap
    }
    longestMs = Math.max(longestMs, read().cpuMs)
  }
  return { now, gap: gaps / matches, left: matchmaker.stats().queued, longestMs }
}

/** CPU time of a ticket in a burst, and how that grows from a burst of a tenth of it. */
export function measureBursts(make: Make, tickets: number): Row[] {
  return bursts.flatMap((burst) => {
    const many = ticketsOf(tickets, burst)
    const few = many.slice(0, tickets / TIMES_FEWER)
    const rounds = Array.from({ length: ROUNDS }, () => ({
      few: play(make, few, burst),
      many: play(make, many, burst),
    }))
    const micros = median(rounds.map((round) => round.many.micros))
    const growth =
      1 + Math.log(median(rounds.map((round) => round.many.micros / round.few.micros))) / Math.log(TIMES_FEWER)
    const { now, gap, left, longestMs } = (rounds.at(-1) as (typeof rounds)[number]).many
    const more = `dry after ${now / 1_000} s, ${left} left, gap ${gap.toFixed(3)}, longest tick ${longestMs.toFixed(0)} ms`
    const figure = `burst of ${tickets.toLocaleString('en')}, ${burst.name}`
    if (burst.mostMicros === undefined)
      return [{ figure, measured: `${micros.toFixed(2)} µs`, more: `n^${growth.toFixed(2)}, ${more}` }]
    return [
      { ...atMost(figure, micros, burst.mostMicros, ' µs'), more },
      atMost('  growth exponent from a tenth of it', growth, 1.15),
    ]
  })
}
