import { type Attributes, ClassIndex, isList, sorted, type Wants } from './class-index.ts'
import type { Attribute, Ticket, Want } from './face.ts'

/** For each player of a ticket the roles that they would take, null for any; null when all take any. */
export type Takes = readonly (readonly string[] | null)[] | null

interface TicketClass {
  id: number
  key: string
  attributes: Attributes
  wants: Wants
  takes: Takes
  /** How many tickets are of this class. */
  members: number
  /** Classes that it can play with, itself among them if so. */
  partners: Set<number>
}

// A class that nobody is of any more is kept for a while, with what was learned about it.
const MAX_IDLE = 256

/**
 * Tickets with the same attributes, wants and roles are one class: who may play with whom is worked out once for each pair of
 * classes, and only for those that a look-up by wanted value does not rule out.
 */
export class Classes {
  readonly #byKey = new Map<string, TicketClass>()
  readonly #byId = new Map<number, TicketClass>()
  readonly #index = new ClassIndex<TicketClass>()
  readonly #idle = new Set<number>()
  /** Of those who say and want nothing, which are most. */
  #plain: TicketClass | null = null
  #nextId = 0

  /** The class of such a ticket, which counts as one more member. */
  enter(attributes?: Attributes, wants?: Wants, takes: Takes = null): number {
    const isPlain = attributes === undefined && wants === undefined && takes === null
    const known = (isPlain && this.#plain) || this.#classOf(attributes ?? {}, wants ?? {}, takes)
    if (isPlain) this.#plain = known
    known.members += 1
    if (known.members === 1) this.#idle.delete(known.id)
    return known.id
  }

  #classOf(attributes: Attributes, wants: Wants, takes: Takes): TicketClass {
    const key = JSON.stringify([sorted(attributes), sorted(wants), takes])
    const known = this.#byKey.get(key)
    if (known) return known
    const made = { id: this.#nextId++, key, attributes, wants, takes, members: 0, partners: new Set<number>() }
    this.#file(made)
    for (const other of this.#index.candidatesFor(made)) {
      if (!accepts(made, other) || !accepts(other, made)) continue
      made.partners.add(other.id)
      other.partners.add(made.id)
    }
    return made
  }

  /** One member less. The class that is forgotten for want of members, or null. */
  leave(id: number): number | null {
    const left = this.#byId.get(id)
    if (!left) return null
    left.members -= 1
    if (left.members > 0) return null
    this.#idle.add(id)
    const [oldest] = this.#idle
    return this.#idle.size > MAX_IDLE && oldest !== undefined ? this.#forget(oldest) : null
  }

  #forget(id: number): number {
    const left = this.#byId.get(id)
    this.#idle.delete(id)
    if (!left) return id
    this.#unfile(left)
    if (left === this.#plain) this.#plain = null
    for (const partner of left.partners) this.#byId.get(partner)?.partners.delete(id)
    return id
  }

  /** How many classes are known. */
  get size(): number {
    return this.#byId.size
  }

  takesOf = (id: number): Takes => this.#byId.get(id)?.takes ?? null
  partnersOf = (id: number): ReadonlySet<number> => this.#byId.get(id)?.partners ?? NOBODY

  #file(made: TicketClass): void {
    this.#byKey.set(made.key, made)
    this.#byId.set(made.id, made)
    this.#index.add(made)
  }

  #unfile(left: TicketClass): void {
    this.#byKey.delete(left.key)
    this.#byId.delete(left.id)
    this.#index.delete(left)
  }
}

const NOBODY: ReadonlySet<number> = new Set()

/** Whether each has what the other wants. */
export const getAlong = (a: Pick<Ticket, 'attributes' | 'wants'>, b: Pick<Ticket, 'attributes' | 'wants'>): boolean =>
  accepts(sides(a), sides(b)) && accepts(sides(b), sides(a))

const sides = ({ attributes = {}, wants = {} }: Pick<Ticket, 'attributes' | 'wants'>) => ({ attributes, wants })

/** Whether the other has what this one wants. */
function accepts({ wants }: { wants: Wants }, { attributes }: { attributes: Attributes }): boolean {
  return Object.entries(wants).every(([name, want]) => isMet(want, attributes[name]))
}

function isMet(want: Want, value: Attribute | undefined): boolean {
  if (value === undefined) return false
  if (isList(want)) return want.includes(value)
  if (typeof want !== 'object') return want === value
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = want
  return typeof value === 'number' && value >= min && value <= max
}
