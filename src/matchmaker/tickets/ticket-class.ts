import type { Ticket } from '../api.ts'
import { type Attributes, getAlong, type Wants } from './wants.ts'

/** For each player of a ticket the roles that they would take, null for any; null when all take any. */
export type Takes = readonly (readonly string[] | null)[] | null
/** Who asks to be matched: a ticket, or a match that goes on. */
export type Asking = Pick<Ticket, 'mode' | 'attributes' | 'wants'>

export interface TicketClass {
  id: number
  key: string
  group: Group
  /** What its members have and want of all others, as text. */
  same: string
  attributes: Attributes
  wants: Wants
  takes: Takes
  /** Whether its members differ, so that only they themselves tell who may play with them. */
  isMixed: boolean
  /** How many tickets are of this class. */
  members: number
  /** Classes that it can play with, itself among them if so; a mixed one with all, as far as classes tell. */
  partners: Set<number>
}

/** The classes of those who ask for the same modes. */
export interface Group {
  key: string
  modes: readonly string[]
  byKey: Map<string, TicketClass>
  /** By what their members have and want of all others; and the names of that, which there are few of. */
  bySame: Map<string, Set<TicketClass>>
  names: Map<string, readonly string[]>
  /** Of those who say and want nothing, which are most. */
  plain: TicketClass | null
  mixed: TicketClass | null
  /** Classes that nobody is of any more, kept with what was learned of them until there is no room, the oldest first. */
  idle: Set<TicketClass>
}

export const newGroup = (key: string, modes: readonly string[]): Group => ({
  key,
  modes,
  byKey: new Map(),
  bySame: new Map(),
  names: new Map(),
  plain: null,
  mixed: null,
  idle: new Set(),
})

/** The fields of a class without members, whose group is still to come. */
export const emptyClass = (): Omit<TicketClass, 'id' | 'group'> => ({
  key: '',
  same: '',
  attributes: {},
  wants: {},
  takes: null,
  isMixed: false,
  members: 0,
  partners: new Set(),
})

/** Whether members of the two may want each other, as far as classes tell. */
export const mayGetAlong = (one: TicketClass, other: TicketClass): boolean =>
  one.isMixed || other.isMixed || getAlong(one, other)

export function pair(one: TicketClass, other: TicketClass): void {
  one.partners.add(other.id)
  other.partners.add(one.id)
}
