import type { Matchmaker, MatchmakerOptions, Ticket } from '../../src/matchmaker/api.ts'
import { arrivalsOf, type Population, usual } from '../../tools/lab/arrivals/population.ts'
import { stopwatch } from './clock.ts'
import { atMost, type Make, type Row } from './subject.ts'

const MODE = 'm'
const ratingOf = (n: number): number => 1_000 + ((n * 7_919) % 1_000)
const solo = (n: number, more: Partial<Ticket> = {}): Ticket => ({
  id: `t${n}`,
  mode: MODE,
  players: [{ id: `p${n}`, mu: ratingOf(n) }],
  ...more,
})
const squads = { modes: [{ id: MODE, teams: 2, teamSize: 5 }] }
const duels = { modes: [{ id: MODE, teams: 2, teamSize: 1 }] }

/** Every proposal is declined, repeatedly. */
function refused(make: Make, options: MatchmakerOptions, name: string): Row {
  const matchmaker = make(options)
  const tickets = 4_000
  for (let n = 0; n < tickets; n += 1) matchmaker.add(solo(n), 0)
  let longestMs = 0
  for (let round = 0; round < 5; round += 1) {
    const read = stopwatch()
    const found = matchmaker.tick(100 * round)
    longestMs = Math.max(longestMs, read().cpuMs)
    for (const { id } of found) matchmaker.reject(id, { who: [], now: 100 * round })
  }
  return atMost(`4,000 tickets that refuse, ${name}: longest tick`, longestMs, 100, ' ms')
}

function besideOpenMatches(make: Make): Row {
  const matchmaker = make(squads)
  for (let n = 0; n < 5_000; n += 1) {
    const teams = [4, 5].map((size, team) =>
      Array.from({ length: size }, (_, one) => ({ id: `b${n}.${team}.${one}`, mu: ratingOf(n) })),
    )
    matchmaker.addBackfill({ id: `b${n}`, mode: MODE, teams }, 0)
  }
  matchmaker.tick(0)
  const tickets = 1_000
  const read = stopwatch()
  for (let n = 0; n < tickets; n += 1) {
    matchmaker.add(solo(n), 1_000 + n)
    for (const { id } of matchmaker.tick(1_000 + n)) matchmaker.confirm(id)
  }
  return atMost('beside 5,000 open matches: a ticket', read().cpuMs / tickets, 0.5, ' ms', 3)
}

function playAll(matchmaker: Matchmaker, tickets: readonly Ticket[]): number {
  const read = stopwatch()
  for (const ticket of tickets) matchmaker.add(ticket, 0)
  for (let at = matchmaker.nextAt(); at !== null && at < 300_000; at = matchmaker.nextAt()) {
    for (const { id } of matchmaker.tick(at)) matchmaker.confirm(id)
  }
  return (read().cpuMs * 1_000) / tickets.length
}
/** What blocks add to the price of a ticket. */
function withBlocks(make: Make, options: MatchmakerOptions, name: string): Row {
  const count = 20_000
  const plain = Array.from({ length: count }, (_, n) => solo(n))
  const blocking = plain.map((ticket, n) => ({
    ...ticket,
    block: Array.from({ length: 20 }, (_, one) => `p${(n + 1 + one * 977) % count}`),
  }))
  const micros = [plain, blocking].map((tickets) => playAll(make(options), tickets))
  const [without = 0, having = 0] = micros
  return {
    ...atMost(`20,000 tickets with 20 blocks each, ${name}: a ticket, more`, having - without, 10, ' µs'),
    more: `${without.toFixed(1)} µs without`,
  }
}

const REGIONS = Array.from({ length: 50 }, (_, n) => `r${n}`)
/** Regions in a ring, each 8 ms from the next. */
const latenciesFrom = (home: number): Record<string, number> =>
  Object.fromEntries(
    REGIONS.map((region, n) => [region, 15 + 8 * Math.min(Math.abs(n - home), 50 - Math.abs(n - home))]),
  )

function overRegions(make: Make): Row {
  const population: Population = {
    ...usual,
    seed: 1,
    mode: MODE,
    teamSize: 5,
    rate: 50,
    seconds: 40,
    hasRegions: false,
  }
  const matchmaker = make({ ...squads, regions: REGIONS })
  const read = stopwatch()
  let tickets = 0
  for (const { at, ticket } of arrivalsOf(population)) {
    matchmaker.add({ ...ticket, latencies: latenciesFrom((tickets * 17) % 50) }, at)
    for (const { id } of matchmaker.tick(at)) matchmaker.confirm(id)
    tickets += 1
  }
  return { figure: '5v5 over fifty regions: a ticket', measured: `${(read().cpuMs / tickets).toFixed(2)} ms` }
}

function explained(make: Make, options: MatchmakerOptions, name: string): Row {
  const matchmaker = make(options)
  for (let n = 0; n < 1_500; n += 1) {
    matchmaker.add({ ...solo(n), players: [{ id: `p${n}`, mu: 1_000_000 + 1_000 * n }] }, 0)
  }
  const read = stopwatch()
  for (let n = 0; n < 200; n += 1) matchmaker.explain(`t${n}`, n)
  return atMost(`why a ticket waits, among 1,500, ${name}`, read().cpuMs / 200, 1, ' ms')
}

/** What a ticket costs where a crowd could make it dear. */
export const measureCrowd = (make: Make): Row[] => [
  refused(make, duels, '1v1'),
  refused(make, squads, '5v5'),
  besideOpenMatches(make),
  withBlocks(make, duels, '1v1'),
  withBlocks(make, squads, '5v5'),
  overRegions(make),
  explained(make, duels, '1v1'),
  explained(make, squads, '5v5'),
]
