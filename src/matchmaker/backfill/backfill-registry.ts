import { type Backfill, TicketError } from '../api.ts'
import { checkBackfill, meanRating } from '../check.ts'
import type { ModePlan } from '../mode-plan.ts'
import type { Lane } from '../tickets/lane.ts'
import type { MatchmakerWorld } from '../world.ts'
import { BackfillIndex } from './backfill-index.ts'
import { BackfillSchedule } from './backfill-schedule.ts'
import { type OpenBackfill, roomsOf } from './open-backfill.ts'

export type BackfillRegistry = ReturnType<typeof createBackfillRegistry>

/** The running matches that look for players, with the instant of each one's next search and an index by rating. */
export function createBackfillRegistry({ plans, regions, classes, lane, leaveClass }: MatchmakerWorld) {
  const open = new Map<string, OpenBackfill>()
  const schedule = new BackfillSchedule()
  const index = new BackfillIndex()
  let opened = 0

  /** A match that is full already is not opened. */
  function add(request: Backfill, now: number): void {
    checkBackfill(request, plans)
    if (open.has(request.id)) throw new TicketError('duplicate', `backfill ${request.id} is here already`)
    const backfill = made(request, now)
    if (hasRoom(backfill)) put(backfill)
    else leaveClass(backfill.classId)
  }

  function made(request: Backfill, now: number): OpenBackfill {
    const players = request.teams.flat()
    const backfill: OpenBackfill = {
      request,
      since: now - (request.creditMs ?? 0),
      dueAt: now,
      held: new Map(),
      joined: [],
      slot: -1,
      serial: opened++,
      classId: classes.enter(request),
      lanes: lanesFor(request),
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

  /** Counts the free seats again. */
  function measure(backfill: OpenBackfill): void {
    backfill.room = Math.max(...roomsOf(backfill, { plan: planOf(backfill.request) }))
  }

  // An unknown region has no lane.
  function lanesFor(request: Backfill): Lane[] {
    const plan = planOf(request)
    const { region } = request
    if (regions.length === 0) return [lane(plan, -1)]
    const known = region === undefined ? [...regions.keys()] : [regions.indexOf(region)]
    return known.filter((one) => one >= 0).map((one) => lane(plan, one))
  }

  function forget(backfill: OpenBackfill): void {
    open.delete(backfill.request.id)
    index.delete(backfill)
    schedule.close(backfill)
    leaveClass(backfill.classId)
  }

  /** Whether a seat is free that no ticket has joined for good. */
  function hasRoom({ request, joined }: OpenBackfill): boolean {
    const { teams, teamSize } = planOf(request)
    const players = joined.reduce((sum, { ticket }) => sum + ticket.players.length, 0)
    return request.teams.flat().length + players < teams * teamSize
  }

  const planOf = ({ mode }: Backfill): ModePlan => plans.get(mode) as ModePlan
  const get = (id: string): OpenBackfill | undefined => open.get(id)
  const isOpen = (backfill: OpenBackfill): boolean => open.get(backfill.request.id) === backfill
  const size = (): number => open.size

  return { schedule, index, add, get, forget, measure, hasRoom, isOpen, size }
}
