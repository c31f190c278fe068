import type { MatchmakerMode, Ticket } from '../../src/matchmaker/api.ts'
import { stopwatch } from './clock.ts'
import { atMost, MAX_WORK, type Make, type Row } from './subject.ts'

const TICK_MS = 10
const MAX_WAIT_MS = 120_000
const AFTER_MS = 30_000
// A longer run is stopped: the time until then is enough.
const PATIENCE_MS = 60_000

/** Populations without any possible match. */
interface Kind {
  name: string
  mode: Omit<MatchmakerMode, 'id'>
  ticket(n: number): Omit<Ticket, 'id' | 'mode' | 'players'>
  size?: number
}
const duel = { teams: 2, teamSize: 1 }
const squad = { teams: 2, teamSize: 5 }
const FAR = { eu: 200, us: 200 }
const kinds: readonly Kind[] = [
  { name: 'a want nobody meets', mode: duel, ticket: () => ({ attributes: { pad: true }, wants: { pad: false } }) },
  { name: '10,000 wants', mode: duel, ticket: (n) => ({ attributes: { map: 0 }, wants: { map: 1 + (n % 10_000) } }) },
  { name: 'a want each', mode: duel, ticket: (n) => ({ attributes: { map: 0 }, wants: { map: 1 + n } }) },
  { name: 'only triples in 5v5', mode: squad, size: 3, ticket: () => ({}) },
  { name: 'no region near enough', mode: duel, ticket: () => ({ latencies: FAR }) },
  { name: 'only healers', mode: { ...squad, roles: { tank: 1, healer: 4 } }, ticket: () => ({ roles: ['healer'] }) },
]

const ratingOf = (n: number): number => 500 + ((n * 7_919) % 2_000_003) / 1_000
const playersOf = (n: number, size: number) =>
  Array.from({ length: size }, (_, place) => ({ id: `p${n}.${place}`, mu: ratingOf(n) + place }))

function measureKind(make: Make, tickets: number, { name, mode, ticket, size = 1 }: Kind): Row[] {
  const matchmaker = make({ modes: [{ id: 'm', ...mode }], regions: ['eu', 'us'], maxWaitMs: MAX_WAIT_MS })
  for (let n = 0; n < tickets; n += 1)
    matchmaker.add({ id: `t${n}`, mode: 'm', players: playersOf(n, size), ...ticket(n) }, Math.floor(n / 100))
  globalThis.gc?.()
  let [now, longestMs, matched, ticks] = [tickets / 100, 0, 0, 0]
  const end = now + MAX_WAIT_MS + AFTER_MS
  const [read, from] = [stopwatch(), now]
  for (let at = matchmaker.nextAt(); at !== null; at = matchmaker.nextAt()) {
    now = Math.max(now + TICK_MS, Math.ceil(at))
    if (now >= end || read().wallMs > PATIENCE_MS) break
    const tick = stopwatch()
    matched += matchmaker.tick(now, { maxWork: MAX_WORK }).length
    longestMs = Math.max(longestMs, tick().cpuMs)
    ticks += 1
  }
  const isThrough = read().wallMs <= PATIENCE_MS
  const until = isThrough ? end : now
  const msPerSecond = read().cpuMs / ((until - from) / 1_000)
  const more = isThrough ? '' : `stopped after ${((until - from) / 1_000).toFixed(1)} s of its time`
  return [
    { ...atMost(`${tickets.toLocaleString('en')} never match: ${name}`, msPerSecond, 15, ' ms/s'), more },
    atMost(`  longest of ${ticks} ticks`, longestMs, 30, ' ms'),
    ...(matched > 0
      ? [{ figure: '  matched all the same', measured: String(matched), target: '0', isMet: false }]
      : []),
  ]
}

/**
 * CPU time per second of virtual time, from the last arrival until half a minute after every ticket accepts any match.
 */
export const measureNever = (make: Make, tickets: number): Row[] =>
  kinds.flatMap((kind) => measureKind(make, tickets, kind))
