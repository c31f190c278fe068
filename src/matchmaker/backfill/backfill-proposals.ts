import { type Backfill, type Proposal, TicketError } from '../api.ts'
import { checkBackfill, meanRating } from '../check.ts'
import type { HeldProposals } from '../held-proposals.ts'
import type { ModePlan } from '../mode-plan.ts'
import type { Lane } from '../tickets/lane.ts'
import type { MatchmakerWorld } from '../world.ts'
import { BackfillIndex } from './backfill-index.ts'
import { BackfillSchedule } from './backfill-schedule.ts'
import { createBackfillSearch, type OpenBackfill, roomsOf } from './backfills.ts'

// A ticket that comes is told to so many of the matches it may join, the nearest; one that takes whatever it may, to all.
const REACH = 16
const EVERYWHERE = 4_096

type Known = Pick<OpenBackfill, 'request' | 'since' | 'dueAt' | 'held' | 'joined'>

/** The matches that want players, and who is proposed to them. */
export function createBackfillProposals({
  world,
  heldProposals,
}: {
  world: MatchmakerWorld
  heldProposals: HeldProposals
}) {
  const { roster, effort, plans, regions, classes, lane, laneOf, leaveClass } = world
  const search = createBackfillSearch(world)
  const open = new Map<string, OpenBackfill>()
  const schedule = new BackfillSchedule()
  const index = new BackfillIndex()
  let opened = 0

  function add(request: Backfill, now: number): void {
    checkBackfill(request, plans)
    if (open.has(request.id)) throw new TicketError('duplicate', `backfill ${request.id} is here already`)
    const plan = plans.get(request.mode) as ModePlan
    const since = now - (request.creditMs ?? 0)
    const backfill = made({ request, since, dueAt: now, held: new Map(), joined: [] }, plan)
    if (hasRoom(backfill)) put(backfill)
    else leaveClass(backfill.classId)
  }

  function made(known: Known, plan: ModePlan): OpenBackfill {
    const { request } = known
    const players = request.teams.flat()
    const backfill = {
      ...known,
      slot: -1,
      serial: opened++,
      classId: classes.enter(request),
      lanes: lanesFor(request, plan),
      middle: players.length === 0 ? 0 : meanRating(players),
      room: 0,
    }
    measure(backfill)
    return backfill
  }
  function put(backfill: OpenBackfill): void {
    backfill.slot = schedule.take()
    open.set(backfill.request.id, backfill)
    index.add(backfill)
    schedule.open(backfill)
  }
  function measure(backfill: OpenBackfill): void {
    const plan = plans.get(backfill.request.mode) as ModePlan
    backfill.room = Math.max(...roomsOf(backfill, { plan }))
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
    for (const proposal of [...backfill.held.keys()]) heldProposals.dissolve(proposal, new Set(), now)
    return true
  }

  function forget(backfill: OpenBackfill): void {
    open.delete(backfill.request.id)
    index.delete(backfill)
    schedule.close(backfill)
    leaveClass(backfill.classId)
  }

  /** Somebody has come whom an open match may want: those in reach are looked at when it is good enough for them. */
  function reschedule(slot: number, now: number): void {
    if (open.size === 0) return
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) tell(place, now)
  }
  function tell(place: number, now: number): void {
    const there = laneOf(place)
    const slot = roster.slotOf.get(place)
    const size = roster.size.get(slot)
    const partners = classes.partnersOf(roster.classes.get(slot))
    const isOverdue = now >= roster.since.get(slot) + there.plan.maxWaitMs
    let left = isOverdue ? EVERYWHERE : REACH
    for (const backfill of index.near(there, roster.rating.get(slot))) {
      if (backfill.room < size || !partners.has(backfill.classId)) continue
      const at = search.earliestFor(backfill, place, there, now)
      if (at < backfill.dueAt) schedule.plan(backfill, at)
      left -= 1
      if (left === 0) return
    }
  }
  /** When a ticket that waits is to be told to the matches which are out of its reach as yet; infinite for never. */
  function reachesAllAt(slot: number, now: number): number {
    let at = Number.POSITIVE_INFINITY
    if (open.size <= REACH) return at
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) {
      const there = laneOf(place)
      if (index.countIn(there) > REACH) at = Math.min(at, roster.since.get(slot) + there.plan.maxWaitMs)
    }
    return at > now ? at : Number.POSITIVE_INFINITY
  }

  /** Somebody who was proposed to it is not: it may want others. */
  function released(backfill: OpenBackfill, now: number): void {
    if (open.get(backfill.request.id) !== backfill) return
    measure(backfill)
    schedule.plan(backfill, now)
  }

  /** Looks at those that are due until so much effort is spent in all. */
  function tick(now: number, { until, maxMatches }: { until: number; maxMatches: number }): Proposal[] {
    const made: Proposal[] = []
    const mayGoOn = () => effort.spent < until && made.length < maxMatches
    while (mayGoOn()) {
      const backfill = schedule.next(now)
      if (!backfill) break
      let at = now
      while (at <= now && mayGoOn()) {
        const proposal = attend(backfill, now)
        at = backfill.dueAt
        if (proposal) made.push(proposal)
      }
      schedule.plan(backfill, at)
    }
    return made
  }

  function attend(backfill: OpenBackfill, now: number): Proposal | null {
    const { at, joining } = search.find(backfill, now)
    backfill.dueAt = at
    if (!joining || at > now) return null
    const { place, team, mismatch } = joining
    const teams = Array.from({ length: joining.lane.plan.teams }, (_, n) => (n === team ? [place] : []))
    const proposal = heldProposals.hold({ lane: joining.lane, teams, mismatch }, now, { backfill, team })
    measure(backfill)
    return proposal
  }

  /** The proposed have joined for good. */
  function filled(backfill: OpenBackfill, { teams, region: name }: Proposal): void {
    const region = name === null ? -1 : regions.indexOf(name)
    for (const [team, tickets] of teams.entries()) {
      for (const ticket of tickets) backfill.joined.push({ team, region, ticket })
    }
    measure(backfill)
    if (!hasRoom(backfill) && open.get(backfill.request.id) === backfill) forget(backfill)
  }

  const hasRoom = (backfill: OpenBackfill): boolean => {
    const plan = plans.get(backfill.request.mode) as ModePlan
    const joined = backfill.joined.reduce((sum, { ticket }) => sum + ticket.players.length, 0)
    return backfill.request.teams.flat().length + joined < plan.teams * plan.teamSize
  }

  const earliest = (): number => schedule.earliest
  const get = (id: string): OpenBackfill | undefined => open.get(id)
  return {
    add,
    remove,
    reschedule,
    reachesAllAt,
    released,
    tick,
    filled,
    earliest,
    get,
    all: () => [...open.values()],
    size: () => open.size,
  }
}
