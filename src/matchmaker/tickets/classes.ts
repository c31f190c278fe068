import { classKeyOf, namesOf, sameIn } from './class-keys.ts'
import {
  type Asking,
  emptyClass,
  type Group,
  mayBeCompatible,
  newGroup,
  pair,
  type Takes,
  type TicketClass,
} from './ticket-class.ts'
import { areCompatible, type Sides } from './wants.ts'

// A new class is compared with all others of its mode once, so their number limits the cost of a new kind of ticket.
const MAX_ALIKE = 64
const MAX_NAMES = 16
const MAX_CLASSES = 4_096
const MAX_IDLE = 256
const MAX_GROUPS = 256

/**
 * Tickets with the same attributes, wants and roles form a class, so that compatibility is computed once for each pair
 * of classes. A class that wants a value that it has itself, such as an invitation code, is compared only with classes
 * of the same value. The number of classes in a mode is limited; further kinds of tickets share a mixed class, whose
 * members are compared one by one. Each mode has its own classes.
 */
export class Classes {
  readonly #byId = new Map<number, TicketClass>()
  readonly #groups = new Map<string, Group>()
  readonly #forgotten: (id: number) => void
  /** The attributes and wants of tickets in mixed classes, as text. */
  readonly #keys = new WeakMap<object, string>()
  #mixed = 0
  #nextId = 0

  /** `forgotten` is called for each class that is dropped. */
  constructor(forgotten: (id: number) => void = () => {}) {
    this.#forgotten = forgotten
  }

  /** Returns the class for such a ticket, and counts one more member. */
  enter(asking: Asking, takes: Takes = null): number {
    const group = this.#groupOf(asking.mode)
    const isPlain = asking.attributes === undefined && asking.wants === undefined && takes === null
    const entered = (isPlain && group.plain) || this.#classOf(group, asking, takes)
    if (isPlain && !entered.isMixed) group.plain = entered
    entered.members += 1
    if (entered.members === 1) group.idle.delete(entered)
    return entered.id
  }

  #groupOf(mode: Asking['mode']): Group {
    const key = typeof mode === 'string' ? mode : JSON.stringify(mode)
    const known = this.#groups.get(key)
    if (known) return known
    if (this.#groups.size >= MAX_GROUPS) this.#forgetIdleGroups()
    const modes = typeof mode === 'string' ? [mode] : mode
    const made = newGroup(key, modes)
    this.#groups.set(key, made)
    return made
  }

  #forgetIdleGroups(): void {
    for (const group of this.#groups.values()) {
      if (group.idle.size < group.byKey.size) continue
      for (const one of group.idle) this.#forget(one)
      this.#groups.delete(group.key)
    }
  }

  #classOf(group: Group, asking: Asking, takes: Takes): TicketClass {
    const { attributes = {}, wants = {} } = asking
    const key = classKeyOf(attributes, wants, takes)
    const known = group.byKey.get(key)
    if (known) return known
    const names = namesOf(asking)
    const same = sameIn(names, attributes) ?? ''
    if (this.#hasRoomFor(group, names, same)) {
      return this.#make({ ...emptyClass(), group, key, same, attributes, wants, takes }, names)
    }
    this.#keys.set(asking, key)
    group.mixed ??= this.#make({ ...emptyClass(), group, isMixed: true }, [])
    return group.mixed
  }

  /** Whether there is room for one more class; drops idle ones for it. */
  #hasRoomFor(group: Group, names: readonly string[], same: string): boolean {
    if (!group.names.has(names.join()) && group.names.size >= MAX_NAMES) return false
    const alike = group.bySame.get(same)
    if (alike && alike.size >= MAX_ALIKE) {
      const idle = [...alike].find((one) => group.idle.has(one))
      if (!idle) return false
      this.#forget(idle)
    }
    const [oldest] = group.idle
    if (oldest && (group.byKey.size >= MAX_CLASSES || group.idle.size > MAX_IDLE)) this.#forget(oldest)
    return group.byKey.size < MAX_CLASSES
  }

  #make(kind: Omit<TicketClass, 'id'>, names: readonly string[]): TicketClass {
    const made: TicketClass = { ...kind, id: this.#nextId++ }
    const { group, key, same } = made
    this.#byId.set(made.id, made)
    group.byKey.set(key, made)
    if (made.isMixed) this.#mixed += 1
    else {
      group.names.set(names.join(), names)
      const alike = group.bySame.get(same) ?? new Set()
      group.bySame.set(same, alike.add(made))
    }
    for (const other of this.#candidatesFor(made)) if (mayBeCompatible(made, other)) pair(made, other)
    return made
  }

  /** The classes that may be compatible: for each set of names, only those with the same values. */
  *#candidatesFor(made: TicketClass): Iterable<TicketClass> {
    for (const { modes, byKey, bySame, names, mixed } of this.#groups.values()) {
      if (!modes.some((mode) => made.group.modes.includes(mode))) continue
      if (made.isMixed) {
        yield* byKey.values()
        continue
      }
      if (mixed) yield mixed
      for (const some of names.values()) {
        const same = sameIn(some, made.attributes)
        if (same !== null) yield* bySame.get(same) ?? []
      }
    }
  }

  /** Counts one member less. */
  leave(id: number): void {
    const left = this.#byId.get(id)
    if (!left) return
    left.members -= 1
    if (left.members === 0) left.group.idle.add(left)
  }

  #forget(left: TicketClass): void {
    const { group } = left
    group.idle.delete(left)
    group.byKey.delete(left.key)
    const alike = group.bySame.get(left.same)
    alike?.delete(left)
    if (alike?.size === 0) group.bySame.delete(left.same)
    if (left === group.plain) group.plain = null
    if (left === group.mixed) group.mixed = null
    if (left.isMixed) this.#mixed -= 1
    this.#byId.delete(left.id)
    for (const partner of left.partners) this.#byId.get(partner)?.partners.delete(left.id)
    this.#forgotten(left.id)
  }

  /** How many classes are known. */
  get size(): number {
    return this.#byId.size
  }

  takesOf = (id: number): Takes => this.#byId.get(id)?.takes ?? null
  /** The classes that may be compatible. */
  partnersOf = (id: number): ReadonlySet<number> => this.#byId.get(id)?.partners ?? NO_PARTNERS
  /** Whether its members have to be compared one by one. */
  isMixed = (id: number): boolean => this.#mixed > 0 && this.#byId.get(id)?.isMixed === true

  /** Whether two tickets of these classes are compatible. */
  areCompatible(id: number, one: Sides, otherId: number, other: Sides): boolean {
    if (!this.partnersOf(id).has(otherId)) return false
    return (!this.isMixed(id) && !this.isMixed(otherId)) || areCompatible(one, other)
  }

  /** Whether two tickets of these classes have the same attributes, wants and roles. */
  areAlike(id: number, one: object, otherId: number, other: object): boolean {
    if (!this.isMixed(id) && !this.isMixed(otherId)) return id === otherId
    return this.#keyOf(id, one) === this.#keyOf(otherId, other)
  }

  #keyOf(id: number, one: object): string | undefined {
    return this.isMixed(id) ? this.#keys.get(one) : this.#byId.get(id)?.key
  }
}

const NO_PARTNERS: ReadonlySet<number> = new Set()
