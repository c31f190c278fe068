import type { Attribute, Ticket, Want } from './face.ts'

type Attributes = NonNullable<Ticket['attributes']>
type Wants = NonNullable<Ticket['wants']>

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
  readonly #withAttribute = new Map<string, Set<TicketClass>>()
  /** Classes by one of their exact wants, and those that have none. */
  readonly #wanting = new Map<string, Set<TicketClass>>()
  readonly #undemanding = new Set<TicketClass>()
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
    for (const other of this.#candidates(made)) {
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
    for (const tag of tagsOf(made.attributes)) put(this.#withAttribute, tag, made)
    const wanted = firstExact(made.wants)
    if (wanted) for (const tag of wanted) put(this.#wanting, tag, made)
    else this.#undemanding.add(made)
  }

  #unfile(left: TicketClass): void {
    this.#byKey.delete(left.key)
    this.#byId.delete(left.id)
    for (const tag of tagsOf(left.attributes)) drop(this.#withAttribute, tag, left)
    for (const tag of firstExact(left.wants) ?? []) drop(this.#wanting, tag, left)
    this.#undemanding.delete(left)
  }

  // Whoever wants a certain value finds partners among those who have it; for the others it is the other way round.
  *#candidates(one: TicketClass): Iterable<TicketClass> {
    const wanted = firstExact(one.wants)
    if (wanted) {
      for (const tag of wanted) yield* this.#withAttribute.get(tag) ?? []
      return
    }
    yield* this.#undemanding
    for (const tag of tagsOf(one.attributes)) yield* this.#wanting.get(tag) ?? []
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

const isList = (want: Want): want is readonly Attribute[] => Array.isArray(want)

const sorted = (fields: object) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))

const tagOf = (name: string, value: Attribute): string => JSON.stringify([name, value])
const tagsOf = (attributes: Attributes): string[] =>
  Object.entries(attributes).map(([name, value]) => tagOf(name, value))

/** The values, as tags, that one of the wants leaves; null when all are bounds. */
function firstExact(wants: Wants): string[] | null {
  for (const [name, want] of sorted(wants) as [string, Want][]) {
    if (isList(want)) return want.map((value) => tagOf(name, value))
    if (typeof want !== 'object') return [tagOf(name, want)]
  }
  return null
}

function put(index: Map<string, Set<TicketClass>>, tag: string, member: TicketClass): void {
  const members = index.get(tag)
  if (members) members.add(member)
  else index.set(tag, new Set([member]))
}

function drop(index: Map<string, Set<TicketClass>>, tag: string, member: TicketClass): void {
  const members = index.get(tag)
  members?.delete(member)
  if (members?.size === 0) index.delete(tag)
}
