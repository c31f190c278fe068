import type { Matchmaker, MatchmakerMode } from '../../src/matchmaker/api.ts'
import { arrivalsOf, usual } from '../../tools/lab/arrivals/population.ts'
import { stopwatch } from './clock.ts'
import { MAX_WORK, type Make, type Row } from './subject.ts'

const RATE = 100
const TICK_MS = 10
// The last ones play short-handed, or accept any match.
const AFTER_MS = 150_000
// So many matches' worth of players come, or as many tickets as are asked for if these are fewer.
const MATCHES = 12
const MOST_TICKETS = 4_000

interface Size {
  name: string
  mode: Omit<MatchmakerMode, 'id'>
}
const alone = (teams: number) => ({ teams, teamSize: 1 })
const against = (teamSize: number) => ({ teams: 2, teamSize })
const sizes: readonly Size[] = [
  { name: '30', mode: alone(30) },
  { name: '16 against 16', mode: against(16) },
  { name: '2 to 64', mode: { ...alone(64), minTeams: 2, shortHandedAfterMs: 10_000 } },
  { name: '200', mode: alone(200) },
  { name: '100 against 100', mode: against(100) },
  { name: '1,000', mode: alone(1_000) },
  { name: '500 against 500', mode: against(500) },
]

interface Played {
  cpuMs: number
  longestMs: number
  /** Tickets that got a seat, and those that are left. */
  seated: number
  left: number
  matches: number
}

/** Players come one after the other until there are enough for some matches, and wait until nothing more can be matched. */
function play(make: Make, { mode }: Size, spread: number, tickets: number): Played {
  const matchmaker = make({ modes: [{ id: 'm', ...mode }] })
  const most = Math.min(tickets, MOST_TICKETS, MATCHES * mode.teams * mode.teamSize)
  const population = { ...usual, seed: 1, mode: 'm', teamSize: mode.teamSize, rate: RATE, hasRegions: false, spread }
  const arrivals = arrivalsOf({ ...population, partySpread: Math.min(spread, usual.partySpread), seconds: 10_000 })
  const played = { cpuMs: 0, longestMs: 0, seated: 0, left: 0, matches: 0 }
  const read = stopwatch()
  let [came, until] = [0, Number.POSITIVE_INFINITY]
  for (let now = 0; now <= until; now += TICK_MS) {
    for (; came < most && came < (RATE * now) / 1_000; came += 1) {
      const { value } = arrivals.next()
      if (value) matchmaker.add(value.ticket, now)
      if (came === most - 1) until = now + AFTER_MS
    }
    tickAt(matchmaker, now, played)
  }
  return { ...played, cpuMs: read().cpuMs, left: matchmaker.stats().queued }
}

function tickAt(matchmaker: Matchmaker, now: number, played: Played): void {
  if ((matchmaker.nextAt() ?? Number.POSITIVE_INFINITY) > now) return
  const read = stopwatch()
  const found = matchmaker.tick(now, { maxWork: MAX_WORK })
  played.longestMs = Math.max(played.longestMs, read().cpuMs)
  for (const { id, teams } of found) {
    matchmaker.confirm(id)
    played.matches += 1
    for (const team of teams) played.seated += team.length
  }
}

/** What a seat in a large match takes, with ratings that are spread as usual, and with equal ones. */
export const measureLarge = (make: Make, tickets: number): Row[] =>
  sizes.map((size) => {
    const [spread, equal] = [play(make, size, usual.spread, tickets), play(make, size, 0, tickets)]
    const micros = ({ cpuMs, seated }: Played) => `${((cpuMs * 1_000) / seated).toFixed(0)} µs`
    const told = ({ matches, left, longestMs }: Played) =>
      `${matches} matches, ${left} left, longest tick ${longestMs.toFixed(0)} ms`
    return {
      figure: `match of ${size.name}: a seated ticket`,
      measured: micros(spread),
      more: `${told(spread)}; of equal rating ${micros(equal)}, ${told(equal)}`,
    }
  })
