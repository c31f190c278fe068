import type { Backfill, Ticket, TicketPlayer } from '../api.ts'
import { meanRating } from '../check.ts'
import type { Density } from '../estimates/density.ts'
import { grown, solve } from '../estimates/tolerance.ts'
import { areOnTerms } from '../exclusions.ts'
import type { Ground } from '../search/finding.ts'
import { rolesFilled, rolesOfEach } from '../teams/roles.ts'
import { getAlong } from '../tickets/classes.ts'
import type { Lane } from '../tickets/lane.ts'

const NEAREST = 48
// What a search takes beside those of others, who are weighed alone.
const LOOKS_A_SEARCH = 16
const LOOKS_A_PLACE = 2
// Where the kind of a ticket does not tell whether it wants the match.
const MIXED_LOOKS = 512

interface BackfillGround extends Ground {
  /** By mode. */
  densities: readonly Density[]
}

/** A match that goes on and wants players. */
export interface OpenBackfill {
  slot: number
  /** Counts the matches that were opened. */
  serial: number
  request: Backfill
  since: number
  classId: number
  lanes: Lane[]
  /** The mean rating of those who were there when it was opened; 0 for nobody. */
  middle: number
  /** The most seats that are free in one of its teams. */
  room: number
  /** When it is to be looked at, infinite when only somebody's coming can change anything. */
  dueAt: number
  /** Tickets that were proposed for it, by proposal, and the team each is for. */
  held: Map<string, Guest>
  /** Tickets that have joined it, who keep what they want and whom they block. */
  joined: Guest[]
}
/** A ticket that is in the match, or on its way there. */
export interface Guest {
  team: number
  /** Where it came in: from then on the match is played there. */
  region: number
  ticket: Ticket
}
/** What a ticket goes by where it was refused for this match alone. */
export const guestOf = (backfillId: string, ticketId: string): string => `${backfillId} ${ticketId}`

/** Who might join, and from when that is good enough. */
export interface BackfillFinding {
  at: number
  joining: { place: number; team: number; lane: Lane; mismatch: number } | null
}

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

  /** When the ticket would be good enough for the match, whatever else keeps it away. */
  function pairing({ since }: OpenBackfill, middle: number | null, place: number, { growth, plan }: Lane, now: number) {
    const size = roster.size.get(roster.slotOf.get(place))
    const mismatch = middle === null ? 0 : size * Math.abs(roster.ratingAt.get(place) - middle)
    const cameAt = roster.sinceAt.get(place)
    const tolerance = size * (roster.tolerance.get(place) + grown(growth, now - cameAt))
    const surplus = tolerance + size * grown(growth, now - since) - mismatch
    const good = surplus >= 0 ? now : solve(growth, [cameAt, since], [size, size], -surplus, now)
    return { at: Math.max(now, Math.min(good, Math.min(cameAt, since) + plan.maxWaitMs)), surplus, mismatch }
  }
  /** No match may want the ticket before this instant. */
  const earliestFor = (backfill: OpenBackfill, place: number, lane: Lane, now: number): number =>
    pairing(backfill, meanOf(backfill), place, lane, now).at

  const refusedUntil = ({ request }: OpenBackfill, { id }: Ticket, now: number): number =>
    exclusions.refusedUntil([guestOf(request.id, id)], now)

  /** What one ticket may have, an older one of the same kind has first. */
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

  /** The weakest team that has room for the ticket and may have it; of equal ones that with most room. */
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
    if (!areOnTerms(ticket, { players, block: request.block ?? [] }) || !getAlong(ticket, request)) return false
    if (!guests.every((guest) => areOnTerms(ticket, guest.ticket) && getAlong(ticket, guest.ticket))) return false
    const { roles, teamSize } = lane.plan
    const mates = guests.filter((guest) => guest.team === team).map((guest) => guest.ticket)
    const takes = [...rolesOfEach({ players: request.teams[team] ?? [] }), ...[...mates, ticket].flatMap(rolesOfEach)]
    const free = teamSize - takes.length
    return rolesFilled(takes, roles) >= roles.length - free
  }

  return { find, earliestFor }
}

/** The mean rating of those in the match and on their way there; null for nobody. */
function meanOf({ request, middle, held, joined }: OpenBackfill): number | null {
  let sum = 0
  let count = 0
  for (const team of request.teams) count += team.length
  sum = count * middle
  for (const guests of [joined, held.values()]) {
    for (const { ticket } of guests) {
      for (const { mu } of ticket.players) sum += mu
      count += ticket.players.length
    }
  }
  return count === 0 ? null : sum / count
}

/**
 * How strong each team is: the mean rating of its players. A free seat counts as a player of the mean of all who is by
 * a usual difference weaker, so that a team of two is not stronger than four for being a little better. An empty team is
 * the weakest.
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

/** Free seats by team, those that are spoken for taken off. */
export function roomsOf(backfill: OpenBackfill, { plan }: Pick<Lane, 'plan'>): number[] {
  return Array.from({ length: plan.teams }, (_, team) => plan.teamSize - playersIn(backfill, team).length)
}

/** Those in a team of the match, and those on their way there. */
export const playersIn = (backfill: OpenBackfill, team: number): TicketPlayer[] => [
  ...(backfill.request.teams[team] ?? []),
  ...guestsOf(backfill).flatMap((guest) => (guest.team === team ? guest.ticket.players : [])),
]

const lanesOf = (backfill: OpenBackfill): Lane[] => {
  const [first] = guestsOf(backfill)
  return first ? backfill.lanes.filter(({ region }) => region === first.region) : backfill.lanes
}
const guestsOf = ({ held, joined }: OpenBackfill): Guest[] => [...joined, ...held.values()]
