import { areOnTerms } from './acquaintance.ts'
import { meanRating } from './check.ts'
import { getAlong } from './classes.ts'
import type { Backfill, Ticket, TicketPlayer } from './face.ts'
import type { Ground } from './finding.ts'
import type { Lane } from './lane.ts'
import { rolesFilled, rolesOfEach } from './roles.ts'
import { grown, solve } from './slack.ts'

const NEAREST = 48

/** A match that goes on and wants players. */
export interface OpenBackfill {
  request: Backfill
  since: number
  classId: number
  lanes: Lane[]
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
/** Who might join, and from when that is good enough. */
export interface BackfillFinding {
  at: number
  joining: { place: number; team: number; lane: Lane; mismatch: number } | null
}

/** Finds a ticket for a match that has room: for each seat the one that fits best. */
export function createBackfillSearch({ roster, acquaintance }: Ground) {
  function find(backfill: OpenBackfill, now: number): BackfillFinding {
    const players = [...backfill.request.teams.keys()].flatMap((team) => playersIn(backfill, team))
    let best: BackfillFinding = { at: Number.POSITIVE_INFINITY, joining: null }
    let bestSurplus = Number.NEGATIVE_INFINITY
    for (const lane of lanesOf(backfill)) {
      for (const place of near(backfill, lane)) {
        const slot = roster.slotOf.get(place)
        const ticket = roster.tickets.get(slot)
        const team = teamFor(backfill, slot, lane)
        if (team === null) continue
        const size = ticket.players.length
        const mismatch = players.length === 0 ? 0 : size * Math.abs(roster.rating.get(slot) - meanRating(players))
        const cameAt = roster.since.get(slot)
        const slack = size * (roster.slack.get(place) + grown(lane.growth, now - cameAt))
        const surplus = slack + size * grown(lane.growth, now - backfill.since) - mismatch
        const good = surplus >= 0 ? now : solve(lane.growth, [cameAt, backfill.since], [size, size], -surplus, now)
        const at = Math.max(now, Math.min(good, Math.min(cameAt, backfill.since) + lane.plan.maxWaitMs))
        const free = Math.max(at, refusedUntil(backfill, ticket, now))
        if (free > best.at || (free === best.at && surplus <= bestSurplus)) continue
        best = { at: free, joining: { place, team, lane, mismatch } }
        bestSurplus = surplus
      }
    }
    return best.at <= now ? eldestLike(backfill, best, now) : best
  }

  const refusedUntil = ({ request }: OpenBackfill, { id }: Ticket, now: number): number =>
    acquaintance.refusedUntil([{ id: `${request.id} ${id}` }], now)

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

  function near({ request, classId }: OpenBackfill, lane: Lane): number[] {
    const players = request.teams.flat()
    const places: number[] = []
    for (const pool of lane.sources(classId)) {
      const middle = players.length === 0 ? 0 : meanRating(players)
      if (pool.size <= lane.plan.teamSize) pool.gather(middle, NEAREST, places)
    }
    return places.sort((a, b) => roster.ageOrder(a, b))
  }

  /** The team with most room among those that the ticket may join. */
  function teamFor(backfill: OpenBackfill, slot: number, lane: Lane): number | null {
    const rooms = roomsOf(backfill, lane)
    const size = roster.tickets.get(slot).players.length
    const teams = [...rooms.keys()].filter((team) => (rooms[team] as number) >= size)
    teams.sort((a, b) => (rooms[b] as number) - (rooms[a] as number) || a - b)
    return teams.find((team) => mayJoin(backfill, slot, team, lane)) ?? null
  }

  function mayJoin(backfill: OpenBackfill, slot: number, team: number, lane: Lane): boolean {
    const ticket = roster.tickets.get(slot)
    const { request } = backfill
    const players = request.teams.flat()
    const guests = guestsOf(backfill)
    if (ticket.players.some(({ id }) => players.some((player) => player.id === id))) return false
    if (!areOnTerms(ticket, { players, block: request.block ?? [] })) return false
    if (!guests.every((guest) => areOnTerms(ticket, guest.ticket) && getAlong(ticket, guest.ticket))) return false
    const { roles, teamSize } = lane.plan
    const mates = guests.filter((guest) => guest.team === team).map((guest) => guest.ticket)
    const takes = [...rolesOfEach({ players: request.teams[team] ?? [] }), ...[...mates, ticket].flatMap(rolesOfEach)]
    const free = teamSize - takes.length
    return rolesFilled(takes, roles) >= roles.length - free
  }

  return { find }
}

/** Free seats by team, those that are spoken for taken off. */
function roomsOf(backfill: OpenBackfill, { plan }: Lane): number[] {
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
