import type { Guest, OpenBackfill } from './backfills.ts'
import type { Classes } from './classes.ts'
import type { DensityState } from './density.ts'
import type { Waits } from './expectation.ts'
import type { Backfill, MatchmakerSnapshot, Proposal, Ticket } from './face.ts'
import type { LaneState } from './lane.ts'
import type { MatchmakerParts } from './matchmaker.ts'
import type { ModePlan } from './mode-plan.ts'

interface TicketState {
  ticket: Ticket
  since: number
  serial: number
  classId: number
  enrolAt: number | null
  /** When it is to be looked at; null for never. */
  at: number | null
  places: [mode: string, region: number, slack: number][]
}
interface State {
  version: 1
  clock: { now: number; serial: number }
  counts: { added: number; removed: number; matched: number }
  classes: ReturnType<Classes['all']>
  lanes: { mode: string; region: number; state: LaneState }[]
  densities: DensityState[]
  expectation: Waits[]
  /** Those that are due, then those with an instant, then the rest, each in its order. */
  tickets: TicketState[]
  due: number
  cursor: number
  held: { proposal: Proposal; tickets: TicketState[]; backfill: string | null; heldAt: number }[]
  proposed: number
  backfills: {
    request: Backfill
    since: number
    dueAt: number | null
    held: [string, Guest][]
    joined: Guest[]
  }[]
  refusals: [string, number][]
}

const orNull = (instant: number): number | null => (instant === Number.POSITIVE_INFINITY ? null : instant)
const orNever = (instant: number | null): number => instant ?? Number.POSITIVE_INFINITY

/** Everything as it is, as JSON: with it another matchmaker goes on as this one would have. */
export function takeSnapshot({
  world,
  clock,
  counts,
  agenda,
  expectation,
  desk,
  backfills,
}: MatchmakerParts): MatchmakerSnapshot {
  const { roster, plans, lanesOf, laneOf, classes, densities, acquaintance } = world
  const stateOf = (slot: number): TicketState => ({
    ticket: roster.tickets.get(slot),
    since: roster.since.get(slot),
    serial: roster.serial.get(slot),
    classId: roster.classes.get(slot),
    enrolAt: orNull(roster.enrolAt.get(slot)),
    at: orNull(agenda.instantOf(slot)),
    places: [...roster.placesOf(slot)].reverse().map((place) => {
      const { plan, region } = laneOf(place)
      return [plan.id, region, roster.slack.get(place)]
    }),
  })
  const { ready, waiting, cursor } = agenda.state()
  const { proposed, held } = desk.state()
  const listed = new Set([...ready, ...waiting, ...held.flatMap(({ slots }) => slots)])
  const idle = [...roster.all()].filter((slot) => !listed.has(slot))
  const state: State = {
    version: 1,
    clock: { ...clock },
    counts: { added: counts.added, removed: counts.removed, matched: counts.matched },
    classes: classes.all(),
    lanes: [...plans.values()].flatMap((plan) =>
      lanesOf(plan).map((lane) => ({ mode: plan.id, region: lane.region, state: lane.state() })),
    ),
    densities: densities.map((density) => density.state()),
    expectation: expectation.state(),
    tickets: [...ready, ...waiting, ...idle].map(stateOf),
    due: ready.length,
    cursor,
    held: held.map(({ proposal, slots, backfill, heldAt }) => ({
      proposal,
      tickets: slots.map(stateOf),
      backfill: backfill?.request.id ?? null,
      heldAt,
    })),
    proposed,
    backfills: backfills.all().map(({ request, since, dueAt, held: there, joined }) => ({
      request,
      since,
      dueAt: orNull(dueAt),
      held: [...there],
      joined,
    })),
    refusals: acquaintance.refusals,
  }
  return JSON.parse(JSON.stringify(state)) as MatchmakerSnapshot
}

/** Puts a snapshot into a matchmaker in which nothing has happened yet. */
export function restoreFrom(snapshot: MatchmakerSnapshot, parts: MatchmakerParts): void {
  const state = structuredClone(snapshot) as unknown as State
  const { world, clock, counts, agenda, expectation, desk, backfills } = parts
  const { plans, lane, classes, densities, acquaintance, leaveClass } = world
  Object.assign(clock, state.clock)
  Object.assign(counts, state.counts)
  const classIds = new Map(
    state.classes.map(({ id, attributes, wants, takes }) => [id, classes.enter(attributes, wants, takes)]),
  )
  for (const [index, density] of state.densities.entries()) densities[index]?.recall(density)
  for (const { mode, region, state: known } of state.lanes) {
    const plan = plans.get(mode)
    if (plan) lane(plan, region).recall(known, (id) => classIds.get(id) ?? id)
  }
  expectation.recall(state.expectation)
  for (const [group, until] of state.refusals) acquaintance.refuse(group, until)
  agenda.recall({ ready: [], cursor: state.cursor })
  const slots = recallTickets(state, parts)
  agenda.recall({ ready: slots.slice(0, state.due), cursor: state.cursor })
  for (const { request, since, dueAt, held, joined } of state.backfills) {
    backfills.recall({ request, since, dueAt: orNever(dueAt), held: new Map(held), joined })
  }
  for (const { proposal, tickets, backfill, heldAt } of state.held) {
    const there = tickets.map((one) => openTicket(one, parts))
    const open: OpenBackfill | null = (backfill !== null && backfills.get(backfill)) || null
    desk.recall({ proposal, slots: there, backfill: open, heldAt })
  }
  desk.recallCount(state.proposed)
  // Each class was entered once to be there.
  for (const id of classIds.values()) leaveClass(id)
}

function openTicket(one: TicketState, { open, world }: MatchmakerParts): number {
  const slot = open(one.ticket, { since: one.since, serial: one.serial })
  world.roster.enrolAt.set(slot, orNever(one.enrolAt))
  return slot
}

// The places in the order of age, so that lists come to lie as they did; the instants in the order of the agenda.
function recallTickets({ tickets, due }: State, parts: MatchmakerParts): number[] {
  const { world, enrolment, agenda, counts, searching } = parts
  const slots = tickets.map((one) => openTicket(one, parts))
  const byAge = [...tickets.keys()].sort((a, b) => world.roster.slotOrder(slots[a] as number, slots[b] as number))
  for (const n of byAge) {
    const { ticket, places } = tickets[n] as TicketState
    const slot = slots[n] as number
    for (const [mode, region, slack] of places)
      enrolment.put(slot, world.lane(world.plans.get(mode) as ModePlan, region), slack)
    counts.queued += 1
    for (const mode of typeof ticket.mode === 'string' ? [ticket.mode] : ticket.mode) {
      const { index } = world.plans.get(mode) as ModePlan
      searching[index] = (searching[index] ?? 0) + ticket.players.length
    }
  }
  for (const [n, { at }] of tickets.entries()) if (n >= due) agenda.plan(slots[n] as number, orNever(at))
  return slots
}
