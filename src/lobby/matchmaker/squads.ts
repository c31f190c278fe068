import { type Candidate, type Found, improve, weigh, withEldest } from './exchange.ts'
import { type Finding, type Ground, type Group, NOTHING } from './finding.ts'
import type { Lane } from './lane.ts'
import type { Member } from './mismatch.ts'
import { Packing } from './packing.ts'
import type { Pool } from './pool.ts'
import { areEnough, rolesFilled, rolesOfEach } from './roles.ts'
import { grown, solve } from './slack.ts'
import { type Format, split } from './split.ts'

// Beyond those who are needed, so many of each size stand by to be exchanged for.
const SPARES = 12
const SMALL_POOL = 200
// Among so many all who are near are about as good.
const LARGE_POOL = 1_000
const GOOD_SHARE = 0.1
const FAR_SHARE = 0.25
// How far a search goes for a ticket that takes whatever it may, and for the others.
const THOROUGH_STEPS = 20_000
const QUICK_STEPS = 400

type Anchor = Candidate & { pool: Pool }
interface Search {
  lane: Lane
  anchor: Candidate
  format: Format
  packing: Packing
  candidates: Candidate[]
  /** The sizes at hand, as bits. */
  sizes: number
  steps: number
  /** How often members are exchanged for better ones. */
  rounds: number
  isThorough: boolean
  now: number
}

/** Finds the group for a ticket of a mode with teams, or of a free for all. */
export function createSquads({ roster, classes, pools, acquaintance, laneOf, classOf }: Ground) {
  const packings = new Map<string, Packing>()
  const places: number[] = []

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
    const pool = pools.get(roster.pools.get(place))
    const anchor = { ...candidateOf(place, pool, lane, now), pool }
    const waitedMs = now - roster.since.get(anchor.slot)
    for (const format of formatsOf(lane, waitedMs >= plan.shortHandedAfterMs)) {
      const about = { lane, anchor, sources, now }
      const found = findIn(format, about, false) ?? (anchor.isOverdue ? findIn(format, about, true) : null)
      if (found) return findingOf(found, lane, now)
    }
    if (waitedMs < plan.shortHandedAfterMs) return { at: now - waitedMs + plan.shortHandedAfterMs, group: null }
    return NOTHING
  }

  function findIn(
    format: Format,
    { lane, anchor, sources, now }: { lane: Lane; anchor: Anchor; sources: Pool[]; now: number },
    isThorough: boolean,
  ): Found | null {
    if (anchor.size > format.teamSize) return null
    const packing = packingOf(format)
    const atHand = countsOf(sources, format.teamSize)
    // Where its own kind is not what it wants, it is not among those counted.
    if (!sources.some((pool) => pool === anchor.pool)) atHand[anchor.size] = (atHand[anchor.size] as number) + 1
    if (!packing.recipe(atHand, anchor.size) || !haveRoles(lane, anchor, sources, format)) return null
    const sizes = atHand.reduce((mask, count, size) => (count > 0 ? mask | (1 << size) : mask), 0)
    const steps = isThorough ? THOROUGH_STEPS : QUICK_STEPS
    const search = {
      lane,
      anchor,
      format,
      packing,
      candidates: [] as Candidate[],
      sizes,
      steps,
      rounds: 0,
      isThorough,
      now,
    }
    let total = 0
    for (const { count } of sources) total += count
    if (total > SMALL_POOL && !isThorough) {
      search.candidates = gather(search, sources, 0)
      const nearest = groupAround(search, anchor.rating)
      const isFar = total > LARGE_POOL && !anchor.isOverdue && nearest !== null && isFarOff(nearest)
      if (nearest && (isFar || isGood(nearest))) return nearest
    }
    search.rounds = total > LARGE_POOL ? 2 : 6
    search.candidates = gather(search, sources, SPARES)
    const first = groupAround(search, anchor.rating)
    if (!first || total > SMALL_POOL) return first ?? bySize(search, atHand)
    const ratings = first.members.map(({ rating }) => rating)
    const half = (Math.max(...ratings) - Math.min(...ratings)) / 2
    if (half === 0) return first
    const others = [anchor.rating - half, anchor.rating + half].map((centre) => groupAround(search, centre))
    return others.reduce<Found>((best, other) => (other && other.surplus > best.surplus ? other : best), first)
  }

  function haveRoles({ plan }: Lane, { pool }: Anchor, sources: Pool[], format: Format): boolean {
    if (plan.roles.length === 0) return true
    const pools = sources.includes(pool) ? sources : [...sources, pool]
    const supply = pools.map(({ classId, size, count }) => {
      return { takes: classes.takesOf(classId), tickets: count, players: count * size }
    })
    return areEnough(supply, { roles: plan.roles, ...format })
  }

  /** The nearest of each size, with so many to spare. */
  function gather({ anchor, format, lane, isThorough, now }: Search, sources: Pool[], spares: number): Candidate[] {
    const found: Candidate[] = []
    for (const pool of sources) {
      places.length = 0
      const needed = Math.ceil((format.teams * format.teamSize) / pool.size) + spares
      if (pool.size <= format.teamSize) pool.gather(anchor.rating, isThorough ? 10 * needed : needed, places)
      for (const place of places) {
        if (roster.slotOf.get(place) === anchor.slot) continue
        const candidate = candidateOf(place, pool, lane, now)
        if (mayMeet(anchor, candidate)) found.push(candidate)
      }
    }
    return found
  }

  /** Those who stand by for the group: so many of each size, the nearest. */
  function sparesFor({ candidates }: Search, { members }: Found): Candidate[] {
    const counts: number[] = []
    return candidates.filter((one) => {
      if (members.includes(one)) return false
      counts[one.size] = (counts[one.size] ?? 0) + 1
      return (counts[one.size] as number) <= SPARES
    })
  }

  /** Fills the group from the nearest to `centre` on, makes teams, and exchanges members for better ones. */
  function groupAround(search: Search, centre: number): Found | null {
    const { anchor, candidates: order, format } = search
    order.sort((a, b) => Math.abs(a.rating - centre) - Math.abs(b.rating - centre) || roster.slotOrder(a.slot, b.slot))
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
    const { anchor, format, lane, rounds } = search
    const isSound = (team: readonly Member[]) => areRolesFilled(lane, team as readonly Candidate[], 1, 0)
    const teams = split(members, format, isSound) as Candidate[][] | null
    if (!teams) return null
    const found = weigh(teams, members)
    const exchange = { anchor, format, spares: search.candidates, rounds, mayMeet, isOlder }
    // Where roles count, an exchange could leave one unfilled; those of the same class take the same.
    const isDone = rounds === 0 || lane.plan.roles.length > 0 || isGood(found)
    const improved = isDone ? found : improve(found, { ...exchange, spares: sparesFor(search, found) })
    const isRefused = (group: Found) => refusedUntil(group, search.now) > search.now
    const eldest = withEldest(improved, exchange)
    if (!isRefused(eldest)) return eldest
    // Those elders will not play with each other just now; others may be older than the group all the same.
    const others = search.candidates.filter((one) => improved.members.includes(one) || !eldest.members.includes(one))
    const next = withEldest(improved, { ...exchange, spares: others })
    return isRefused(next) ? improved : next
  }

  const refusedUntil = ({ members }: Found, now: number): number =>
    acquaintance.refusedUntil(
      members.map(({ slot }) => roster.tickets.get(slot)),
      now,
    )

  const isOlder = (one: Candidate, other: Candidate): boolean => roster.slotOrder(one.slot, other.slot) < 0

  function findingOf(found: Found, lane: Lane, now: number): Finding {
    const { members, mismatch, surplus } = found
    const group: Group = { lane, teams: found.teams.map((team) => team.map(({ place }) => place)), mismatch }
    const since = members.map(({ slot }) => roster.since.get(slot))
    const players = members.map(({ size }) => size)
    const good = surplus >= 0 ? now : solve(lane.growth, since, players, -surplus, now)
    const at = Math.max(now, Math.min(good, Math.min(...since) + lane.plan.maxWaitMs))
    return { at: Math.max(at, refusedUntil(found, now)), group }
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
      return rolesOfEach(roster.tickets.get(slot))
    })
    const wanted = Array.from({ length: teams }, () => roles).flat()
    return rolesFilled(players, wanted) >= Math.min(wanted.length, players.length + free) - free
  }

  function mayMeet(a: Candidate, b: Candidate): boolean {
    if (!classes.partnersOf(a.classId).has(b.classId)) return false
    if (!acquaintance.hasBlocked) return true
    return acquaintance.mayMeet(a.slot, roster.tickets.get(a.slot), b.slot, roster.tickets.get(b.slot))
  }

  function candidateOf(place: number, { size, classId }: Pool, lane: Lane, now: number): Candidate {
    const waitedMs = now - roster.sinceAt.get(place)
    const slack = roster.slack.get(place) + grown(lane.growth, waitedMs)
    const isOverdue = waitedMs >= lane.plan.maxWaitMs
    return {
      place,
      slot: roster.slotOf.get(place),
      size,
      rating: roster.ratingAt.get(place),
      classId,
      slack,
      isOverdue,
    }
  }

  return { find }
}

/** Not worth looking further: what keeps it from being even is little beside what its members accept. */
const isGood = ({ mismatch, surplus }: Found): boolean => mismatch <= GOOD_SHARE * (surplus + mismatch)

/** Nor yet: no exchange brings it so much nearer that it is acceptable by now. */
const isFarOff = ({ mismatch, surplus }: Found): boolean => mismatch * FAR_SHARE > surplus + mismatch

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
