import type { Backfill, Ticket, TicketPatch, TickOptions } from '../../../src/matchmaker/api.ts'

/**
 * What is done to a matchmaker. A `pick` between 0 and 1 says which of those there are at that time, so that an
 * operation means something whatever was left out before it.
 */
export type Operation =
  | { do: 'add'; ticket: Ticket }
  | { do: 'again'; pick: number; id: string | null }
  | { do: 'remove'; pick: number; among: 'queued' | 'held' | 'gone' }
  | { do: 'update'; pick: number; among: 'queued' | 'held' | 'gone'; patch: TicketPatch }
  | { do: 'grow'; pick: number; mu: number }
  | { do: 'backfill'; request: Backfill }
  | { do: 'unfill'; pick: number }
  | { do: 'wait'; ms: number }
  | { do: 'tick'; options: TickOptions }
  | { do: 'next' }
  | { do: 'confirm'; pick: number }
  | { do: 'reject'; pick: number; who: number; again: boolean }
  | { do: 'late'; pick: number; what: 'confirm' | 'reject' }

export type Temper = Partial<Record<Operation['do'] | 'spoiled' | 'burst' | 'storm', number>>
/** How often what is done. */
export const TEMPERS: readonly Temper[] = [
  {
    add: 30,
    wait: 20,
    next: 15,
    tick: 10,
    confirm: 10,
    reject: 4,
    remove: 4,
    update: 4,
    late: 1,
    again: 2,
    spoiled: 1,
  },
  {
    add: 20,
    wait: 20,
    tick: 20,
    next: 5,
    confirm: 5,
    reject: 15,
    storm: 2,
    remove: 8,
    again: 4,
    backfill: 2,
    unfill: 1,
  },
  { add: 25, burst: 1, wait: 10, next: 20, confirm: 20, reject: 2, remove: 10, update: 10, grow: 3 },
  { add: 30, backfill: 8, unfill: 4, wait: 20, next: 20, confirm: 15, reject: 4, remove: 4, update: 4 },
  {
    add: 10,
    remove: 10,
    again: 10,
    wait: 10,
    tick: 10,
    next: 10,
    confirm: 6,
    reject: 6,
    late: 4,
    spoiled: 4,
    update: 6,
  },
]
