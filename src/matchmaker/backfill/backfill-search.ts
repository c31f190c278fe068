import type { Ticket } from '../api.ts'
import { meanRating } from '../check.ts'
import type { Density } from '../estimates/density.ts'
import { grown, solve } from '../estimates/tolerance.ts'
import { neitherBlocks } from '../exclusions.ts'
import type { Ground } from '../search/finding.ts'
import { rolesFilled, rolesOfEach } from '../teams/roles.ts'
import type { Lane } from '../tickets/lane.ts'
import { areCompatible } from '../tickets/wants.ts'
import { guestOf, guestsOf, lanesOf, meanOf, type OpenBackfill, playersIn, roomsOf } from './open-backfill.ts'

const NEAREST = 48
// The cost of a search, in tickets looked at.
const LOOKS_A_SEARCH = 16
const LOOKS_A_PLACE = 2
// More are looked at in a mixed class, because the class does not tell whether a ticket wants the match.
const MIXED_LOOKS = 512

interface BackfillGround extends Ground {
  /** By mode. */
  densities: readonly Density[]
}

/** The ticket that may join, and from when it is good enough; infinite for never. */
interface BackfillFinding {
  at: number
  joining: { place: number; team: number; lane: Lane; mismatch: number } | null
}

export type BackfillSearch = ReturnType<typeof createBackfillSearch>

/** Finds a ticket for a match that has room: for each seat the one that fits best. */
export function createBackfillSearch({ roster, exclusions, effort, densities }: BackfillGround) {
  function find(backfill: OpenBackfill, now: number): BackfillFinding {
    const middle = meanOf(backfill)
    let best: BackfillFinding = { at: Number.POSITIVE_INFINITY, joining: null }
    let bestSurplus = Number.NEGATIVE_INFINITY
    for (const lane of lanesOf(backfill)) {
      for (const place of near(backfill, lane)) {
        const { at, surplus, mismatch } = pairing(backfill, middle, place, lane, now)
        const isWorse = (instant: number) => instant > best.at || (instant === best.at && surplus <= bestSurplus)
        if (isWorse(at)) continue
        const free = Math.max(at, refusedUntil(backfill, roster.tickets.get(roster.slotOf.get(place)), now))
        if (isWorse(free)) continue
        const team = teamFor(backfill, roster.slotOf.get(place), lane)
        if (team === null) continue
        best = { at: free, joining: { place, team, lane, mismatch } }
        bestSurplus = surplus
      }
    }
    return best.at <= now ? eldestLike(backfill, best, now) : best
  }

  /** When the ticket is good enough for the match by rating and waiting alone. */
  function pairing({ since }: OpenBackfill, middle: number | null, place: number, { growth, plan }: Lane, now: number) {
    const size = roster.size.get(roster.slotOf.get(place))
    const mismatch = middle === null ? 0 : size * Math.abs(roster.ratingAt.get(place) - middle)
    const cameAt = roster.sinceAt.get(place)
    const tolerance = size * (roster.tolerance.get(place) + grown(growth, now - cameAt))
    const surplus = tolerance + size * grown(growth, now - since) - mismatch
    const good = surplus >= 0 ? now : solve(growth, [cameAt, since], [size, size], -surplus, now)
    return { at: Math.max(now, Math.min(good, Math.min(cameAt, since) + plan.maxWaitMs)), surplus, mismatch }
  }
  /** The match cannot want the ticket before this instant. */
  const earliestFor = (backfill: OpenBackfill, place: number, lane: Lane, now: number): number =>
    pairing(backfill, meanOf(backfill), place, lane, now).at

  const refusedUntil = ({ request }: OpenBackfill, { id }: Ticket, now: number): number =>
    exclusions.refusedUntil([guestOf(request.id, id)], now)

  /** Prefers the oldest of equivalent tickets. */
  function eldestLike(backfill: OpenBackfill, best: BackfillFinding, now: number): BackfillFinding {
    if (!best.joining) return best
    const { place, team, lane } = best.joining
    const slot = roster.slotOf.get(place)
    const older = near(backfill, lane).find((other) => {
      const one = roster.slotOf.get(other)
      const isAlike =
        roster.rating.get(one) === roster.rating.get(slot) &&
        roster.tickets.get(one).players.length === roster.tickets.get(slot).players.length
      const isFree = () => refusedUntil(backfill, roster.tickets.get(one), now) <= now
      return one === slot || (isAlike && mayJoin(backfill, one, team, lane) && isFree())
    })
    return { ...best, joining: { ...best.joining, place: older ?? place } }
  }

  function near({ middle, classId }: OpenBackfill, lane: Lane): number[] {
    const places: number[] = []
    for (const pool of lane.sources(classId)) {
      if (pool.size <= lane.plan.teamSize) pool.gather(middle, pool.isMixed ? MIXED_LOOKS : NEAREST, places)
    }
    effort.spent += LOOKS_A_SEARCH + LOOKS_A_PLACE * places.length
    return places.sort((a, b) => roster.ageOrder(a, b))
  }

  /** The weakest team that has room for the ticket and accepts it; of equally weak ones the one with the most room. */
  function teamFor(backfill: OpenBackfill, slot: number, lane: Lane): number | null {
    const rooms = roomsOf(backfill, lane)
    const size = roster.size.get(slot)
    const teams = [...rooms.keys()].filter((team) => (rooms[team] as number) >= size)
    if (teams.length > 1) {
      const strengths = strengthsOf(backfill, rooms, densities[lane.plan.index]?.spread ?? 0)
      teams.sort((a, b) => compare(strengths[a], strengths[b]) || compare(rooms[b], rooms[a]) || a - b)
    }
    return teams.find((team) => mayJoin(backfill, slot, team, lane)) ?? null
  }

  function mayJoin(backfill: OpenBackfill, slot: number, team: number, lane: Lane): boolean {
    const ticket = roster.tickets.get(slot)
    const { request } = backfill
    const players = request.teams.flat()
    const guests = guestsOf(backfill)
    if (ticket.players.some(({ id }) => players.some((player) => player.id === id))) return false
    if (!neitherBlocks(ticket, { players, block: request.block ?? [] }) || !areCompatible(ticket, request)) return false
    if (!guests.every((guest) => neitherBlocks(ticket, guest.ticket) && areCompatible(ticket, guest.ticket)))
      return false
    const { roles, teamSize } = lane.plan
    const mates = guests.filter((guest) => guest.team === team).map((guest) => guest.ticket)
    const takes = [...rolesOfEach({ players: request.teams[team] ?? [] }), ...[...mates, ticket].flatMap(rolesOfEach)]
    const free = teamSize - takes.length
    return rolesFilled(takes, roles) >= roles.length - free
  }

  return { find, earliestFor }
}

/**
 * The strength of each team: the mean rating of its players. A free seat counts as a player who is weaker than the mean
 * of the match by the usual difference, so that four players outweigh two slightly better ones. An empty team is the
 * weakest.
 */
function strengthsOf(backfill: OpenBackfill, rooms: readonly number[], usual: number): number[] {
  const mean = meanOf(backfill) ?? 0
  return rooms.map((room, team) => {
    const players = playersIn(backfill, team)
    if (players.length === 0) return Number.NEGATIVE_INFINITY
    return (players.length * meanRating(players) + room * (mean - usual)) / (players.length + room)
  })
}
const compare = (a = 0, b = 0): number => (a < b ? -1 : a > b ? 1 : 0)
