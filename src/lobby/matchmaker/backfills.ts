import { meanRating } from './check.ts'
import type { Backfill } from './face.ts'
import type { Ground } from './finding.ts'
import type { Lane } from './lane.ts'
import { rolesFilled } from './roles.ts'
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
  held: Map<string, { team: number; players: number }>
}
/** Who might join, and from when that is good enough. */
export interface BackfillFinding {
  at: number
  joining: { place: number; team: number; lane: Lane; mismatch: number } | null
}

/** Finds a ticket for a match that has room: for each seat the one that fits best. */
export function createBackfillSearch({ roster, acquaintance }: Ground) {
  function find(backfill: OpenBackfill, now: number): BackfillFinding {
    const players = backfill.request.teams.flat()
    let best: BackfillFinding = { at: Number.POSITIVE_INFINITY, joining: null }
    let bestSurplus = Number.NEGATIVE_INFINITY
    for (const lane of backfill.lanes) {
      for (const place of near(backfill, lane)) {
        const slot = roster.slotOf.get(place)
        const ticket = roster.tickets.get(slot)
        const team = teamFor(backfill, ticket.players.length, lane)
        if (team === null || !mayJoin(backfill, slot, team, lane)) continue
        const size = ticket.players.length
        const mismatch = players.length === 0 ? 0 : size * Math.abs(roster.rating.get(slot) - meanRating(players))
        const cameAt = roster.since.get(slot)
        const slack = size * (roster.slack.get(place) + grown(lane.growth, now - cameAt))
        const surplus = slack + size * grown(lane.growth, now - backfill.since) - mismatch
        const good = surplus >= 0 ? now : solve(lane.growth, [cameAt, backfill.since], [size, size], -surplus, now)
        const at = Math.max(now, Math.min(good, Math.min(cameAt, backfill.since) + lane.plan.maxWaitMs))
        const free = Math.max(
          at,
          acquaintance.refusedUntil([{ ...ticket, id: `${backfill.request.id} ${ticket.id}` }], now),
        )
        if (free > best.at || (free === best.at && surplus <= bestSurplus)) continue
        best = { at: free, joining: { place, team, lane, mismatch } }
        bestSurplus = surplus
      }
    }
    return best
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

  /** The team with most room among those where so many find a place. */
  function teamFor(backfill: OpenBackfill, size: number, lane: Lane): number | null {
    const rooms = roomsOf(backfill, lane)
    const most = Math.max(...rooms)
    return most >= size ? rooms.indexOf(most) : null
  }

  function mayJoin({ request }: OpenBackfill, slot: number, team: number, lane: Lane): boolean {
    const ticket = roster.tickets.get(slot)
    const there = request.teams.flat()
    const block = new Set(request.block)
    if (ticket.players.some(({ id }) => block.has(id) || there.some((player) => player.id === id))) return false
    if (ticket.block && there.some(({ id }) => ticket.block?.includes(id))) return false
    const { roles, teamSize } = lane.plan
    const mates = request.teams[team] ?? []
    const takes = [
      ...mates.map((player) => player.roles ?? null),
      ...ticket.players.map((p) => p.roles ?? ticket.roles ?? null),
    ]
    const free = teamSize - takes.length
    return rolesFilled(takes, roles) >= roles.length - free
  }

  return { find }
}

/** Free seats by team, those that are spoken for taken off. */
export function roomsOf({ request, held }: OpenBackfill, { plan }: Lane): number[] {
  const rooms = Array.from({ length: plan.teams }, (_, team) => plan.teamSize - (request.teams[team]?.length ?? 0))
  for (const { team, players } of held.values()) rooms[team] = (rooms[team] as number) - players
  return rooms
}
