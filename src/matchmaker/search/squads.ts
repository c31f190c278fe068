import { solve } from '../estimates/tolerance.ts'
import type { ModePlan } from '../mode-plan.ts'
import { type Candidate, type Found, improve, weigh, withEldest } from '../teams/exchange.ts'
import { formatsOf } from '../teams/formats.ts'
import type { Member } from '../teams/mismatch.ts'
import { Packing, type SizeSet, sizesIn } from '../teams/packing.ts'
import { areEnough, RoleSets } from '../teams/roles.ts'
import { type Format, split, type Trials } from '../teams/split.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import { createCandidates } from './candidates.ts'
import { createCrowds } from './crowds.ts'
import { type Finding, type Ground, type Group, NOTHING } from './finding.ts'
import { Outlook } from './outlook.ts'
import { costOf, mixedLooks, shareOf } from './shares.ts'

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
// Where roles or sizes hardly allow any teams, making them is tried so often: for one format, and for all in turn.
const THOROUGH_TRIALS = 20_000
const QUICK_TRIALS = 4_000
const MOST_TRIALS = 40_000
const LEAST_TRIALS = 200
// What making teams, and exchanging each member for spares, takes beside looking at a ticket.
const LOOKS_A_MEMBER = 4
const LOOKS_AN_EXCHANGE = 24

// Matches with more seats are made by a search that tries nothing twice, unless there are so few tickets.
const MANY_SEATS = 24
const FEW_TICKETS = 32
const MANY_FORMATS = 40

type Anchor = Candidate & { pool: Pool }
/** Who asks, and whom there is to choose from. */
interface About {
  lane: Lane
  anchor: Anchor
  sources: Pool[]
  atHand: readonly number[]
  /** What is left for all formats. */
  trials: Trials
  now: number
}
interface Search {
  lane: Lane
  anchor: Candidate
  format: Format
  packing: Packing
  candidates: Candidate[]
  sizes: SizeSet
  steps: number
  trials: Trials
  /** How often members are exchanged for better ones. */
  rounds: number
  isThorough: boolean
  now: number
}

/** Finds the group for a ticket of a mode with teams, or of a free for all. */
export function createSquads(ground: Ground) {
  const { roster, classes, pools, effort, laneOf, classOf } = ground
  const candidates = createCandidates(ground)
  const { candidateOf, mayMeet, areAlike, refusedUntil, isOlder, nearestTo } = candidates
  const crowds = createCrowds(ground, candidates)
  const packings = new Map<string, Packing>()
  const outlooks = new Map<Lane, Outlook>()
  const roleSets = new Map<ModePlan, RoleSets>()
  /** How many players the last search for many seats came to. */
  let reached = 0
  /** Whether, as far as sizes and roles tell, there can be a group. */
  let isPossible = false
  const places: number[] = []

  function packingOf({ teams, teamSize }: Format): Packing {
    const key = `${teams}x${teamSize}`
    const packing = packings.get(key) ?? new Packing(teams, teamSize)
    packings.set(key, packing)
    return packing
  }

  /** As `find`, for a ticket whose turn it is. */
  const look = (place: number, now: number): Finding => {
    const lane = laneOf(place)
    const outlook = outlooks.get(lane) ?? new Outlook()
    outlooks.set(lane, outlook)
    return outlook.look({ roster, lane, place, now, find })
  }

  /** The best group that can be found with this ticket in it, and from when it is acceptable. */
  function find(place: number, now: number): Finding {
    const lane = laneOf(place)
    const { plan } = lane
    const sources = lane.sources(classOf(place)).filter(({ size }) => size <= plan.teamSize)
    const pool = pools.get(roster.pools.get(place))
    const anchor = { ...candidateOf(place, pool, lane, now), pool }
    const waitedMs = now - roster.since.get(anchor.slot)
    const atHand = countsOf(sources, plan.teamSize)
    // Where its own kind is not what it wants, it is not among those counted.
    if (!sources.includes(pool)) atHand[anchor.size] = (atHand[anchor.size] as number) + 1
    const about = { lane, anchor, sources, atHand, trials: { left: MOST_TRIALS }, now }
    let most = atHand.reduce((sum, count, size) => sum + count * size)
    let searches = 0
    let isAnyPossible = false
    for (const format of formatsOf(plan, waitedMs >= plan.shortHandedAfterMs)) {
      if (format.teams * format.teamSize > most || anchor.size > format.teamSize) continue
      reached = most
      isPossible = true
      const found = findIn(format, about, false) ?? (anchor.isOverdue ? findIn(format, about, true) : null)
      if (found) return findingOf(found, lane, now)
      if (!isPossible) continue
      searches += 1
      isAnyPossible = true
      // Without teams those who were found are a match; with them so many formats are tried, and then every other size.
      if (format.teamSize === 1) most = reached
      else if (searches >= MANY_FORMATS) most = Math.floor((format.teams * format.teamSize) / 2)
    }
    // A ticket that takes whatever it may looks further, and one that is short-handed at other sizes.
    const shortHandedAt = waitedMs < plan.shortHandedAfterMs ? now - waitedMs + plan.shortHandedAfterMs : NOTHING.at
    const furtherAt = isAnyPossible && !anchor.isOverdue ? now - waitedMs + plan.maxWaitMs : NOTHING.at
    return { at: Math.min(shortHandedAt, furtherAt), group: null }
  }

  function findIn(format: Format, about: About, isThorough: boolean): Found | null {
    const { lane, anchor, sources, now } = about
    const packing = packingOf(format)
    const atHand = about.atHand.slice(0, format.teamSize + 1)
    if (!haveRoles(lane, anchor, sources, format)) {
      isPossible = false
      return null
    }
    if (format.teams * format.teamSize > MANY_SEATS) {
      const gathered = crowds.find({ ...about, atHand, format, packing, isThorough })
      reached = gathered.reached
      isPossible = reached > 0
      if (gathered.found || !isThorough || sum(atHand) > FEW_TICKETS) return gathered.found
    }
    if (!packing.patterns(atHand, anchor.size)) {
      isPossible = false
      return null
    }
    const [mostTrials, steps] = isThorough ? [THOROUGH_TRIALS, THOROUGH_STEPS] : [QUICK_TRIALS, QUICK_STEPS]
    // However little the larger formats have left, the smaller ones are tried too.
    const most = Math.min(mostTrials, Math.max(LEAST_TRIALS, about.trials.left / 2))
    const trials = { left: most }
    const sizes = sizesIn(atHand)
    const search = {
      lane,
      anchor,
      format,
      packing,
      candidates: [],
      sizes,
      steps,
      trials,
      rounds: 0,
      isThorough,
      now,
    }
    const found = bestIn(search, sources, atHand)
    const spent = most - Math.max(0, trials.left)
    about.trials.left -= spent
    effort.spent += spent
    return found
  }

  function bestIn(search: Search, sources: Pool[], atHand: number[]): Found | null {
    const { anchor, isThorough } = search
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
      const wanted = isThorough ? 10 * needed : needed
      const most = pool.isMixed ? mixedLooks(wanted, isThorough) : shareOf(pool, sources, wanted)
      if (pool.size <= format.teamSize) pool.gather(anchor.rating, most, places)
      effort.spent += costOf(pool, places.length)
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
    order.sort(nearestTo(centre))
    const counts = Array<number>(format.teamSize + 1).fill(0)
    counts[anchor.size] = 1
    const chosen = [anchor]
    const most = Math.min(search.steps, search.trials.left)
    let steps = most
    const fill = (from: number, players: number): Found | null => {
      if (players === format.teams * format.teamSize) return finish(search, [...chosen])
      for (let n = from; n < order.length; n += 1) {
        const next = order[n] as Candidate
        steps -= 1
        if (steps < 0 || search.trials.left < 0) return null
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
    const found = fill(0, anchor.size)
    search.trials.left -= most - Math.max(0, steps)
    effort.spent += order.length
    return found
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
    const { anchor, format, lane, rounds, trials } = search
    const isSound = (team: readonly Member[]) => areRolesFilled(lane, team as readonly Candidate[], 1, 0)
    const teams = split(members, format, isSound, trials) as Candidate[][] | null
    if (!teams) return null
    const found = weigh(teams, members)
    const exchange = { anchor, format, spares: search.candidates, rounds, mayMeet, areAlike, isOlder }
    // Where roles count, an exchange could leave one unfilled; those of the same class take the same.
    const isDone = rounds === 0 || lane.plan.roles.length > 0 || isGood(found)
    if (!isDone) effort.spent += LOOKS_AN_EXCHANGE * members.length
    effort.spent += LOOKS_A_MEMBER * members.length
    const improved = isDone ? found : improve(found, { ...exchange, spares: sparesFor(search, found) })
    const isRefused = (group: Found) => refusedUntil(group, search.now) > search.now
    const eldest = withEldest(improved, exchange)
    if (!isRefused(eldest)) return eldest
    // Those elders will not play with each other just now; others may be older than the group all the same.
    const others = search.candidates.filter((one) => improved.members.includes(one) || !eldest.members.includes(one))
    const next = withEldest(improved, { ...exchange, spares: others })
    return isRefused(next) ? improved : next
  }

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
    const { plan } = lane
    if (plan.roles.length === 0) return true
    const sets = roleSets.get(plan) ?? new RoleSets(plan.roles)
    roleSets.set(plan, sets)
    return sets.areFilled(
      members.map(({ slot }) => roster.tickets.get(slot)),
      teams,
      free,
    )
  }

  return { find, look }
}

/** Not worth looking further: what keeps it from being even is little beside what its members accept. */
const isGood = ({ mismatch, surplus }: Found): boolean => mismatch <= GOOD_SHARE * (surplus + mismatch)

/** Nor yet: no exchange brings it so much nearer that it is acceptable by now. */
const isFarOff = ({ mismatch, surplus }: Found): boolean => mismatch * FAR_SHARE > surplus + mismatch

function countsOf(sources: readonly Pool[], teamSize: number): number[] {
  const counts = Array<number>(teamSize + 1).fill(0)
  for (const { size, count } of sources) if (size <= teamSize) counts[size] = (counts[size] as number) + count
  return counts
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
