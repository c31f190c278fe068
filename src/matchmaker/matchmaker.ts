import { type Matchmaker, type MatchmakerOptions, type Proposal, type Ticket, TicketError } from './api.ts'
import { createBackfillProposals } from './backfill/backfill-proposals.ts'
import type { OpenBackfill } from './backfill/backfills.ts'
import { checkTicket, meanRating, modesOf } from './check.ts'
import { createEnrolment } from './enrolment.ts'
import { ExpectedWaits } from './estimates/expected-wait.ts'
import { createExplainer } from './explainer.ts'
import { type Counts, createHeldProposals } from './held-proposals.ts'
import { checkBounds, checkInstant } from './sane.ts'
import { createDuels } from './search/duels.ts'
import type { Finding } from './search/finding.ts'
import { createSquads } from './search/squads.ts'
import { takesOf } from './teams/roles.ts'
import { Schedule } from './tickets/schedule.ts'
import { createWorld } from './world.ts'

// How soon a ticket is looked at again that could play by size, but not with those who are there; the more wait, the
// later, so that a million of them cost no more than a few.
const RETRY_MS = 1_000
const RETRY_MS_PER_TICKET = 0.7
// A duel looks at half as many others, a search for large teams at thousands: that is the work of many tickets.
const LOOKS_PER_WORK = 16

/** Makes a matchmaker: least Σ mismatch + c · Σ waiting, decided ticket by ticket as each one's best group is due. */
export function createMatchmaker(options: MatchmakerOptions): Matchmaker {
  const world = createWorld(options)
  const { roster, plans, classes, exclusions, effort, ticketIndex, playerIndex } = world
  const hasRoles = [...plans.values()].some(({ roles }) => roles.length > 0)
  const clock = { now: 0, serial: 0 }
  const counts: Counts = { added: 0, removed: 0, matched: 0, queued: 0, held: 0 }
  const searching = [...plans.values()].map(() => 0)
  const schedule = new Schedule(roster)
  const enrolment = createEnrolment(world)
  const expectedWaits = new ExpectedWaits()
  const queueing = {
    queued: (slot: number, now: number) => backfills.reschedule(slot, now),
    released: (backfill: OpenBackfill, now: number) => backfills.released(backfill, now),
  }
  const heldProposals = createHeldProposals({
    world,
    schedule,
    enrolment,
    expectedWaits,
    searching,
    counts,
    ...queueing,
  })
  const duels = createDuels(world)
  const squads = createSquads(world)
  const backfills = createBackfillProposals({ world, heldProposals })
  const explainer = createExplainer({ world, expectedWaits, searching, squads, duels })

  // Time only goes forward, whatever the caller's clock does.
  function passTo(now: number): number {
    clock.now = Math.max(clock.now, checkInstant(now))
    return clock.now
  }

  function add(ticket: Ticket, at: number): void {
    checkInstant(at)
    checkTicket(ticket, plans)
    if (ticketIndex.has(ticket.id)) throw new TicketError('duplicate', `ticket ${ticket.id} is here already`)
    if (ticket.players.some(({ id }) => playerIndex.has(id))) {
      throw new TicketError('duplicate', `ticket ${ticket.id}: a player waits already`)
    }
    const now = passTo(at)
    clock.serial += 1
    counts.added += 1
    const slot = open(ticket, { since: now - (ticket.creditMs ?? 0), serial: clock.serial })
    enrolment.learn(slot, now)
    heldProposals.joinQueue(slot, now)
  }

  function open(ticket: Ticket, { since, serial }: { since: number; serial: number }): number {
    const classId = classes.enter(ticket, hasRoles ? takesOf(ticket) : null)
    const slot = roster.open(ticket, { since, serial, rating: meanRating(ticket.players), classId })
    schedule.open(slot)
    ticketIndex.add(ticket.id, slot)
    for (const { id } of ticket.players) playerIndex.add(id, slot)
    exclusions.open(slot, ticket.block)
    return slot
  }

  function remove(id: string, at: number): boolean {
    const now = passTo(at)
    const slot = ticketIndex.get(id)
    if (slot === undefined) return false
    const proposal = heldProposals.proposalOf(slot)
    if (proposal !== undefined) return heldProposals.dissolve(proposal, new Set([id]), now)
    heldProposals.leaveQueue(slot)
    heldProposals.close(slot)
    counts.removed += 1
    return true
  }

  function update(id: string, patch: object, at: number): boolean {
    checkInstant(at)
    const slot = ticketIndex.get(id)
    if (slot === undefined || heldProposals.proposalOf(slot) !== undefined) return false
    const before = roster.tickets.get(slot)
    const ticket: Ticket = { ...before, ...patch, id }
    checkTicket(ticket, plans)
    if (ticket.players.some((player) => (playerIndex.get(player.id) ?? slot) !== slot)) {
      throw new TicketError('duplicate', `ticket ${id}: a player waits already`)
    }
    const now = passTo(at)
    const age = { since: roster.since.get(slot), serial: roster.serial.get(slot) }
    heldProposals.leaveQueue(slot)
    heldProposals.close(slot)
    heldProposals.joinQueue(open(ticket, age), now)
    return true
  }

  function tick(at: number, { maxWork = Number.POSITIVE_INFINITY, maxMatches = Number.POSITIVE_INFINITY } = {}) {
    checkBounds({ maxWork, maxMatches })
    const now = passTo(at)
    const made: Proposal[] = []
    const end = effort.spent + maxWork * LOOKS_PER_WORK
    // Open matches come first, but however many are due, tickets have a half of the work for themselves.
    let share = effort.spent + Math.ceil(maxWork / 2) * LOOKS_PER_WORK
    do {
      made.push(...backfills.tick(now, { until: share, maxMatches: maxMatches - made.length }))
      share = end
      while (effort.spent < end && made.length < maxMatches) {
        const slot = schedule.next(now)
        if (slot < 0) break
        const before = effort.spent
        const proposal = attend(slot, now)
        effort.spent = Math.max(effort.spent, before + LOOKS_PER_WORK)
        if (proposal) made.push(proposal)
      }
      // Who has come within reach meanwhile may be what a match was waiting for.
    } while (backfills.earliest() <= now && effort.spent < end && made.length < maxMatches)
    return made
  }

  /** Looks at one ticket: it plays now, or is looked at again when it may. */
  function attend(slot: number, now: number): Proposal | null {
    if (roster.enrolAt.get(slot) <= now) {
      roster.enrolAt.set(slot, enrolment.enrol(slot, now))
      lookAtHomeAgain(slot)
      backfills.reschedule(slot, now)
    } else if (now >= unconditionalAt(slot)) backfills.reschedule(slot, now)
    let at = Math.min(roster.enrolAt.get(slot), backfills.reachesAllAt(slot, now))
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) {
      // In the other lanes nothing has changed that those who came there have not looked at.
      if (roster.dueAt.get(place) <= now) {
        const finding: Finding = world.laneOf(place).plan.isDuel ? duels.look(place, now) : squads.look(place, now)
        if (finding.group && finding.at <= now) {
          const proposal = heldProposals.hold(finding.group, now)
          // An older one of its kind may have gone in its place.
          if (heldProposals.proposalOf(slot) === undefined) schedule.plan(slot, now)
          return proposal
        }
        roster.dueAt.set(place, finding.at <= now ? now + retryMs() : finding.at)
      }
      at = Math.min(at, roster.dueAt.get(place))
    }
    schedule.plan(slot, at)
    return null
  }

  /** Where most come who suit it, so that a dearer lane has to be better than what is there by now. */
  function lookAtHomeAgain(slot: number): void {
    let home = roster.places.get(slot)
    if (home < 0) return
    for (let next = home; next >= 0; next = roster.sibling.get(next)) home = next
    roster.dueAt.set(home, Number.NEGATIVE_INFINITY)
  }

  function unconditionalAt(slot: number): number {
    let waitMs = Number.POSITIVE_INFINITY
    for (const mode of modesOf(roster.tickets.get(slot)))
      waitMs = Math.min(waitMs, plans.get(mode)?.maxWaitMs ?? waitMs)
    return roster.since.get(slot) + waitMs
  }

  const retryMs = (): number => Math.max(RETRY_MS, RETRY_MS_PER_TICKET * counts.queued)

  function confirm(id: string): boolean {
    const held = heldProposals.confirm(id)
    if (held?.backfill) backfills.filled(held.backfill, held.proposal)
    return held !== null
  }

  function reject(id: string, { who, now: at }: { who: readonly string[]; now: number }): boolean {
    return heldProposals.reject(id, new Set(who), passTo(at))
  }

  function nextAt(): number | null {
    if (schedule.isBehind) return clock.now
    const at = Math.min(schedule.earliest, backfills.earliest())
    return at === Number.POSITIVE_INFINITY ? null : Math.max(Math.ceil(at), clock.now)
  }

  const stats = () => ({
    ...counts,
    backfills: backfills.size(),
    searching: Object.fromEntries([...plans.values()].map(({ id, index }) => [id, searching[index] ?? 0])),
  })

  /** The slot of a ticket that is queued, and neither held nor gone; null otherwise. */
  function queued(id: string): number | null {
    const slot = ticketIndex.get(id)
    return slot === undefined || heldProposals.proposalOf(slot) !== undefined ? null : slot
  }

  return {
    add,
    remove,
    update,
    tick,
    confirm,
    reject,
    nextAt,
    stats,
    addBackfill: (request: Parameters<Matchmaker['addBackfill']>[0], now: number) =>
      backfills.add(request, passTo(now)),
    removeBackfill: (id: string, now: number) => backfills.remove(id, passTo(now)),
    searching: (mode: string) => searching[plans.get(mode)?.index ?? -1] ?? 0,
    explain: (id: string, now: number) => {
      const [at, slot] = [passTo(now), queued(id)]
      return slot === null ? null : explainer.explain(slot, at)
    },
    estimate: (id: string, now: number) => {
      const [at, slot] = [passTo(now), queued(id)]
      return slot === null ? null : explainer.expectedWait(slot, at)
    },
  }
}
