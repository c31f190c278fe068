import { type Finding, type Ground, type Group, NOTHING } from './finding.ts'
import type { Lane } from './lane.ts'
import { type Member, mismatchOf } from './mismatch.ts'
import { Packing } from './packing.ts'
import type { Pool } from './pool.ts'
import { rolesFilled } from './roles.ts'
import { grown, solve } from './slack.ts'
import { type Format, split } from './split.ts'

// Beyond those who are needed, so many of each size stand by to be exchanged for.
const SPARES = 12
const SMALL_POOL = 200
// How far a search goes for a ticket that takes whatever it may, and for the others.
const THOROUGH_STEPS = 20_000
const QUICK_STEPS = 400

interface Candidate extends Member {
  slot: number
  classId: number
  /** What it accepts at this instant. */
  slack: number
  isOverdue: boolean
}
type Anchor = Candidate & { pool: Pool }
interface Found {
  teams: Candidate[][]
  members: Candidate[]
  mismatch: number
  /** How much more the members accept than there is to accept. */
  surplus: number
}
interface Search {
  lane: Lane
  anchor: Candidate
  format: Format
  packing: Packing
  candidates: Candidate[]
  /** The sizes at hand, as bits. */
  sizes: number
  steps: number
  now: number
}

/** Finds the group for a ticket of a mode with teams, or of a free for all. */
export function createSquads({ roster, classes, pools, acquaintance, laneOf, classOf }: Ground) {
  const packings = new Map<string, Packing>()

  function packingOf({ teams, teamSize }: Format): Packing {
    const key = `${teams}x${teamSize}`
    const packing = packings.get(key) ?? new Packing(teams, teamSize)
    packings.set(key, packing)
    return packing
  }

  /** The best group that can be found with this ticket in it, and from when it is acceptable. */
  function find(place: number, now: number): Finding {
    const lane = laneOf(place)
    const { plan } = lane
    const sources = lane.sources(classOf(place)).filter(({ size }) => size <= plan.teamSize)
    const anchor = { ...candidateOf(place, sizeOf(place), lane, now), pool: pools.get(roster.pools.get(place)) }
    const waitedMs = now - roster.since.get(anchor.slot)
    for (const format of formatsOf(lane, waitedMs >= plan.shortHandedAfterMs)) {
      const found = findIn(format, { lane, anchor, sources, now })
      if (found) return findingOf(found, lane, now)
    }
    if (waitedMs >= plan.shortHandedAfterMs) return NOTHING
    return { at: roster.since.get(anchor.slot) + plan.shortHandedAfterMs, group: null }
  }

  function findIn(
    format: Format,
    { lane, anchor, sources, now }: { lane: Lane; anchor: Anchor; sources: Pool[]; now: number },
  ): Found | null {
    if (anchor.size > format.teamSize) return null
    const packing = packingOf(format)
    const atHand = countsOf(sources, format.teamSize)
    // Where its own kind is not what it wants, it is not among those counted.
    if (!sources.some((pool) => pool === anchor.pool)) atHand[anchor.size] = (atHand[anchor.size] as number) + 1
    if (!packing.recipe(atHand, anchor.size)) return null
    const sizes = atHand.reduce((mask, count, size) => (count > 0 ? mask | (1 << size) : mask), 0)
    const candidates = gather(anchor, sources, format, lane, now)
    const steps = anchor.isOverdue ? THOROUGH_STEPS : QUICK_STEPS
    const search = { lane, anchor, format, packing, candidates, sizes, steps, now }
    const total = sources.reduce((sum, { count }) => sum + count, 0)
    const first = groupAround(search, anchor.rating)
    if (!first || total > SMALL_POOL) return first ?? bySize(search, atHand)
    const ratings = first.members.map(({ rating }) => rating)
    const half = (Math.max(...ratings) - Math.min(...ratings)) / 2
    if (half === 0) return first
    const others = [anchor.rating - half, anchor.rating + half].map((centre) => groupAround(search, centre))
    return others.reduce<Found>((best, other) => (other && other.surplus > best.surplus ? other : best), first)
  }

  /** The nearest of each size, with some to spare; nearest first, and of equally near ones the older. */
  function gather(anchor: Candidate, sources: Pool[], format: Format, lane: Lane, now: number): Candidate[] {
    const found: Candidate[] = []
    const places: number[] = []
    for (const pool of sources) {
      if (pool.size > format.teamSize) continue
      places.length = 0
      const needed = Math.ceil((format.teams * format.teamSize) / pool.size) + SPARES
      pool.gather(anchor.rating, anchor.isOverdue ? 10 * needed : needed, places)
      for (const place of places) {
        const slot = roster.slotOf.get(place)
        if (slot === anchor.slot) continue
        const candidate = candidateOf(place, pool.size, lane, now)
        if (mayMeet(anchor, candidate)) found.push(candidate)
      }
    }
    return found
  }

  /** Fills the group from the nearest to `centre` on, makes teams, and exchanges members for better ones. */
  function groupAround(search: Search, centre: number): Found | null {
    const { anchor, candidates, format } = search
    const order = [...candidates].sort(
      (a, b) => Math.abs(a.rating - centre) - Math.abs(b.rating - centre) || roster.slotOrder(a.slot, b.slot),
    )
    const counts = Array<number>(format.teamSize + 1).fill(0)
    counts[anchor.size] = 1
    const chosen = [anchor]
    let steps = search.steps
    const fill = (from: number, players: number): Found | null => {
      if (players === format.teams * format.teamSize) return finish(search, [...chosen])
      for (let n = from; n < order.length; n += 1) {
        const next = order[n] as Candidate
        steps -= 1
        if (steps < 0) return null
        if (players + next.size > format.teams * format.teamSize) continue
        counts[next.size] = (counts[next.size] as number) + 1
        if (search.packing.fits(counts, search.sizes) && isWelcome(search, chosen, next)) {
          chosen.push(next)
          const found = fill(n + 1, players + next.size)
          if (found) return found
          chosen.pop()
        }
        counts[next.size] = (counts[next.size] as number) - 1
      }
      return null
    }
    return fill(0, anchor.size)
  }

  /** Where filling by nearness leads nowhere: sizes that fill everything first, then the nearest of each. */
  function bySize(search: Search, atHand: number[]): Found | null {
    const { anchor, packing, candidates } = search
    const recipe = packing.recipe(atHand, anchor.size)
    if (!recipe) return null
    const left = [...recipe]
    left[anchor.size] = (left[anchor.size] as number) - 1
    const chosen = [anchor]
    for (const next of candidates) {
      if ((left[next.size] ?? 0) <= 0 || !isWelcome(search, chosen, next)) continue
      left[next.size] = (left[next.size] as number) - 1
      chosen.push(next)
    }
    return left.every((count) => count === 0) ? finish(search, chosen) : null
  }

  function finish(search: Search, members: Candidate[]): Found | null {
    const { format, lane } = search
    const isSound = (team: readonly Member[]) => areRolesFilled(lane, team as readonly Candidate[], 1, 0)
    const teams = split(members, format, isSound) as Candidate[][] | null
    if (!teams) return null
    const found = weigh(teams, members)
    return lane.plan.roles.length === 0 ? improve(search, found) : found
  }

  /** Exchanges members for spares of equal size, the best exchange first, for as long as the surplus grows. */
  function improve(search: Search, found: Found): Found {
    let best = found
    for (let round = 0; round < 4; round += 1) {
      const better = bestExchange(search, best)
      if (!better) break
      best = better
    }
    if (best === found) return found
    const again = split(best.members, search.format, () => true) as Candidate[][] | null
    const resplit = again && weigh(again, best.members)
    return resplit && resplit.surplus > best.surplus ? resplit : best
  }

  function bestExchange({ anchor, candidates }: Search, found: Found): Found | null {
    const spares = new Map<number, Candidate[]>()
    for (const candidate of candidates) {
      if (found.members.includes(candidate)) continue
      const ofSize = spares.get(candidate.size) ?? []
      if (ofSize.length < SPARES) spares.set(candidate.size, [...ofSize, candidate])
    }
    let best: { found: Found; out: Candidate; into: Candidate } | null = null
    for (const team of found.teams) {
      for (const [n, out] of team.entries()) {
        if (out === anchor) continue
        for (const into of spares.get(out.size) ?? []) {
          team[n] = into
          const members = found.members.map((one) => (one === out ? into : one))
          const tried = weigh(found.teams, members)
          if (tried.surplus > (best?.found.surplus ?? found.surplus) + 1e-9) {
            const others = members.filter((one) => one !== into)
            if (others.every((one) => mayMeet(one, into)))
              best = { found: { ...tried, teams: found.teams.map((one) => [...one]) }, out, into }
          }
          team[n] = out
        }
      }
    }
    return best?.found ?? null
  }

  function weigh(teams: Candidate[][], members: Candidate[]): Found {
    const sums = teams.map((team) => team.reduce((sum, { size, rating }) => sum + size * rating, 0))
    const mismatch = mismatchOf(members, sums)
    const accepted = members.reduce((sum, { size, slack }) => sum + size * slack, 0)
    return { teams, members, mismatch, surplus: accepted - mismatch }
  }

  function findingOf(found: Found, lane: Lane, now: number): Finding {
    const { members, mismatch, surplus } = found
    const group: Group = { lane, teams: found.teams.map((team) => team.map(({ place }) => place)), mismatch }
    const since = members.map(({ slot }) => roster.since.get(slot))
    const players = members.map(({ size }) => size)
    const good = surplus >= 0 ? now : solve(lane.growth, since, players, -surplus, now)
    const at = Math.max(now, Math.min(good, Math.min(...since) + lane.plan.maxWaitMs))
    return {
      at: Math.max(
        at,
        acquaintance.refusedUntil(
          members.map(({ slot }) => roster.tickets.get(slot)),
          now,
        ),
      ),
      group,
    }
  }

  function isWelcome({ lane, format }: Search, chosen: readonly Candidate[], next: Candidate): boolean {
    if (!chosen.every((one) => mayMeet(one, next))) return false
    if (lane.plan.roles.length === 0) return true
    const members = [...chosen, next]
    const players = members.reduce((sum, { size }) => sum + size, 0)
    return areRolesFilled(lane, members, format.teams, format.teams * format.teamSize - players)
  }

  /** Whether so many teams' roles can be taken by these players and as many more as are free. */
  function areRolesFilled(lane: Lane, members: readonly Candidate[], teams: number, free: number): boolean {
    const { roles } = lane.plan
    if (roles.length === 0) return true
    const players = members.flatMap(({ slot }) => {
      const ticket = roster.tickets.get(slot)
      return ticket.players.map((player) => player.roles ?? ticket.roles ?? null)
    })
    const wanted = Array.from({ length: teams }, () => roles).flat()
    return rolesFilled(players, wanted) >= Math.min(wanted.length, players.length + free) - free
  }

  function mayMeet(a: Candidate, b: Candidate): boolean {
    if (a.classId !== b.classId && !classes.partnersOf(a.classId).has(b.classId)) return false
    return acquaintance.mayMeet(a.slot, roster.tickets.get(a.slot), b.slot, roster.tickets.get(b.slot))
  }

  function candidateOf(place: number, size: number, lane: Lane, now: number): Candidate {
    const slot = roster.slotOf.get(place)
    const waitedMs = now - roster.since.get(slot)
    const slack = roster.slack.get(place) + grown(lane.growth, waitedMs)
    const isOverdue = waitedMs >= lane.plan.maxWaitMs
    return { place, slot, size, rating: roster.rating.get(slot), classId: classOf(place), slack, isOverdue }
  }

  const sizeOf = (place: number): number => roster.tickets.get(roster.slotOf.get(place)).players.length

  return { find }
}

/** The full match; short-handed also smaller ones, the largest first. */
function* formatsOf({ plan }: Lane, isShortHanded: boolean): Iterable<Format> {
  yield { teams: plan.teams, teamSize: plan.teamSize }
  if (!isShortHanded) return
  const formats: Format[] = []
  for (let teams = plan.minTeams; teams <= plan.teams; teams += 1) {
    for (let teamSize = plan.minTeamSize; teamSize <= plan.teamSize; teamSize += 1) formats.push({ teams, teamSize })
  }
  formats.sort((a, b) => b.teams * b.teamSize - a.teams * a.teamSize || b.teams - a.teams)
  yield* formats.slice(1)
}

function countsOf(sources: readonly Pool[], teamSize: number): number[] {
  const counts = Array<number>(teamSize + 1).fill(0)
  for (const { size, count } of sources) if (size <= teamSize) counts[size] = (counts[size] as number) + count
  return counts
}
