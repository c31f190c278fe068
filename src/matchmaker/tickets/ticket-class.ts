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
  /** Whether its members differ and have to be compared one by one. */
  isMixed: boolean
  /** How many tickets are of this class. */
  members: number
  /** Classes that it can play with, itself among them if so; a mixed one with all, as far as classes tell. */
  partners: Set<number>
}

/** The classes of one mode. */
export interface Group {
  key: string
  modes: readonly string[]
  byKey: Map<string, TicketClass>
  /** By the attributes and wants of their members; and the distinct sets of names, which are few. */
  bySame: Map<string, Set<TicketClass>>
  names: Map<string, readonly string[]>
  /** The class without attributes and wants, which most tickets have. */
  plain: TicketClass | null
  mixed: TicketClass | null
  /** Empty classes, kept with their estimates until space runs out, the oldest dropped first. */
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

/** Whether members of the two may be compatible, by their classes. */
export const mayGetAlong = (one: TicketClass, other: TicketClass): boolean =>
  one.isMixed || other.isMixed || getAlong(one, other)

export function pair(one: TicketClass, other: TicketClass): void {
  one.partners.add(other.id)
  other.partners.add(one.id)
}
