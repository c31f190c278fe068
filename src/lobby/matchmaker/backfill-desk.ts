import { createBackfillSearch, type OpenBackfill } from './backfills.ts'
import { checkBackfill, modesOf } from './check.ts'
import type { Desk } from './desk.ts'
import { type Backfill, type Proposal, type Ticket, TicketError, type TickOptions } from './face.ts'
import type { Lane } from './lane.ts'
import type { ModePlan } from './mode-plan.ts'
import type { MatchmakerWorld } from './world.ts'

/** The matches that want players, and who is proposed to them. */
export function createBackfillDesk({ world, desk }: { world: MatchmakerWorld; desk: Desk }) {
  const { plans, regions, classes, lane, leaveClass } = world
  const search = createBackfillSearch(world)
  const open = new Map<string, OpenBackfill>()

  function add(request: Backfill, now: number): void {
    checkBackfill(request, plans)
    if (open.has(request.id)) throw new TicketError('duplicate', `backfill ${request.id} is here already`)
    const plan = plans.get(request.mode) as ModePlan
    const classId = classes.enter(request.attributes, request.wants)
    const since = now - (request.creditMs ?? 0)
    const nobody = { held: new Map(), joined: [] }
    const backfill = { request, since, classId, lanes: lanesFor(request, plan), dueAt: now, ...nobody }
    if (hasRoom(backfill)) open.set(request.id, backfill)
    else leaveClass(classId)
  }

  // A region that nobody has heard of is one in which nobody waits.
  function lanesFor({ region }: Backfill, plan: ModePlan): Lane[] {
    if (regions.length === 0) return [lane(plan, -1)]
    const known = region === undefined ? [...regions.keys()] : [regions.indexOf(region)]
    return known.filter((index) => index >= 0).map((index) => lane(plan, index))
  }

  /** The match has ended, or is full: who was proposed to it waits again. */
  function remove(id: string, now: number): boolean {
    const backfill = open.get(id)
    if (!backfill) return false
    forget(backfill)
    for (const proposal of [...backfill.held.keys()]) desk.dissolve(proposal, new Set(), now)
    return true
  }

  function forget({ request, classId }: OpenBackfill): void {
    open.delete(request.id)
    leaveClass(classId)
  }

  /** Somebody has come whom an open match may want. */
  function awaken(ticket: Ticket, now: number): void {
    if (open.size === 0) return
    const modes = modesOf(ticket)
    for (const backfill of open.values()) if (modes.includes(backfill.request.mode)) backfill.dueAt = now
  }

  function tick(now: number, { maxWork = 0, maxMatches = 0 }: TickOptions): Proposal[] {
    const made: Proposal[] = []
    for (const backfill of [...open.values()].sort((a, b) => a.since - b.since)) {
      while (backfill.dueAt <= now && made.length < Math.min(maxMatches, maxWork)) {
        const proposal = attend(backfill, now)
        if (proposal) made.push(proposal)
      }
    }
    return made
  }

  function attend(backfill: OpenBackfill, now: number): Proposal | null {
    const { at, joining } = search.find(backfill, now)
    backfill.dueAt = at
    if (!joining || at > now) return null
    const { place, team, mismatch } = joining
    const teams = Array.from({ length: joining.lane.plan.teams }, (_, n) => (n === team ? [place] : []))
    return desk.hold({ lane: joining.lane, teams, mismatch }, now, { backfill, team })
  }

  /** The proposed have joined for good. */
  function filled(backfill: OpenBackfill, { teams, region: name }: Proposal): void {
    const region = name === null ? -1 : regions.indexOf(name)
    for (const [team, tickets] of teams.entries()) {
      for (const ticket of tickets) backfill.joined.push({ team, region, ticket })
    }
    if (!hasRoom(backfill) && open.get(backfill.request.id) === backfill) forget(backfill)
  }

  const hasRoom = (backfill: OpenBackfill): boolean => {
    const plan = plans.get(backfill.request.mode) as ModePlan
    const joined = backfill.joined.reduce((sum, { ticket }) => sum + ticket.players.length, 0)
    return backfill.request.teams.flat().length + joined < plan.teams * plan.teamSize
  }

  const earliest = (): number =>
    [...open.values()].reduce((least, { dueAt }) => Math.min(least, dueAt), Number.POSITIVE_INFINITY)
  const get = (id: string): OpenBackfill | undefined => open.get(id)
  return {
    add,
    remove,
    awaken,
    tick,
    filled,
    earliest,
    get,
    all: () => [...open.values()],
    size: () => open.size,
  }
}
