import type { Ticket } from '../api.ts'
import { type Attributes, areCompatible, type Wants } from './wants.ts'

/** For each player of a ticket the roles that they accept, null for any; null when all accept any. */
export type Takes = readonly (readonly string[] | null)[] | null
/** What both a ticket and a running match have. */
export type Asking = Pick<Ticket, 'mode' | 'attributes' | 'wants'>

export interface TicketClass {
  id: number
  key: string
  group: Group
  /** The values that its members both have and want, as text. */
  same: string
  attributes: Attributes
  wants: Wants
  takes: Takes
  /** Whether its members differ, so that they have to be compared one by one. */
  isMixed: boolean
  /** The number of tickets in the class. */
  members: number
  /**
   * The compatible classes, perhaps itself among them. A mixed class has all classes whose members may be compatible.
   */
  partners: Set<number>
}

/** The classes of one mode. */
export interface Group {
  key: string
  modes: readonly string[]
  byKey: Map<string, TicketClass>
  /**
   * Classes by the values that their members both have and want, and the distinct sets of such names, which are few.
   */
  bySame: Map<string, Set<TicketClass>>
  names: Map<string, readonly string[]>
  /** The class without attributes and wants, which most tickets have. */
  plain: TicketClass | null
  mixed: TicketClass | null
  /** Classes without members, kept for their estimates; the oldest are dropped when space runs out. */
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

/** The fields of a class without members, except for its group. */
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

/** Whether members of these classes may be compatible, as far as the classes tell. */
export const mayBeCompatible = (one: TicketClass, other: TicketClass): boolean =>
  one.isMixed || other.isMixed || areCompatible(one, other)

export function pair(one: TicketClass, other: TicketClass): void {
  one.partners.add(other.id)
  other.partners.add(one.id)
}
