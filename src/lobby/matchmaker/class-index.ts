import type { Attribute, Ticket, Want } from './face.ts'
import { NumberIndex } from './number-index.ts'

export type Attributes = NonNullable<Ticket['attributes']>
export type Wants = NonNullable<Ticket['wants']>
interface Sides {
  attributes: Attributes
  wants: Wants
}
type Bounds = Exclude<Want, Attribute | readonly Attribute[]>

/**
 * Finds those who may be what somebody wants without looking at all: by one exact value that is wanted, or by the
 * numbers within wanted bounds, whichever leaves fewer.
 */
export class ClassIndex<One extends Sides> {
  readonly #withAttribute = new Map<string, Set<One>>()
  readonly #numbers = new Map<string, NumberIndex<One>>()
  /** By one of their exact wants, by the name of a bound, and those that have neither. */
  readonly #wanting = new Map<string, Set<One>>()
  readonly #bounding = new Map<string, Set<One>>()
  readonly #undemanding = new Set<One>()

  add(one: One): void {
    for (const [name, value] of Object.entries(one.attributes)) {
      put(this.#withAttribute, tagOf(name, value), one)
      if (typeof value !== 'number') continue
      const numbers = this.#numbers.get(name) ?? new NumberIndex<One>()
      this.#numbers.set(name, numbers)
      numbers.add(value, one)
    }
    const exact = firstExact(one.wants)
    const bounds = firstBounds(one.wants)
    if (exact) for (const tag of exact) put(this.#wanting, tag, one)
    else if (bounds) put(this.#bounding, bounds.name, one)
    else this.#undemanding.add(one)
  }

  delete(one: One): void {
    for (const [name, value] of Object.entries(one.attributes)) {
      drop(this.#withAttribute, tagOf(name, value), one)
      const numbers = this.#numbers.get(name)
      if (typeof value === 'number') numbers?.delete(value, one)
      if (numbers?.size === 0) this.#numbers.delete(name)
    }
    for (const tag of firstExact(one.wants) ?? []) drop(this.#wanting, tag, one)
    const bounds = firstBounds(one.wants)
    if (bounds) drop(this.#bounding, bounds.name, one)
    this.#undemanding.delete(one)
  }

  /** All that this one can play with, and others. */
  candidatesFor({ attributes, wants }: Sides): Iterable<One> {
    const exact = firstExact(wants)?.map((tag) => this.#withAttribute.get(tag) ?? NONE)
    const bounds = firstBounds(wants)
    if (!exact && !bounds) return this.#forUndemanding(attributes)
    const near = bounds && (this.#numbers.get(bounds.name)?.within(bounds.min, bounds.max) ?? [])
    const fewExact = exact?.reduce((sum, { size }) => sum + size, 0) ?? Number.POSITIVE_INFINITY
    return near && near.length <= fewExact ? near : (exact ?? []).flatMap((some) => [...some])
  }

  *#forUndemanding(attributes: Attributes): Iterable<One> {
    yield* this.#undemanding
    for (const [name, value] of Object.entries(attributes)) {
      yield* this.#wanting.get(tagOf(name, value)) ?? NONE
      yield* this.#bounding.get(name) ?? NONE
    }
  }
}

const NONE: ReadonlySet<never> = new Set()

export const isList = (want: Want): want is readonly Attribute[] => Array.isArray(want)
export const sorted = (fields: object) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
const tagOf = (name: string, value: Attribute): string => JSON.stringify([name, value])

/** The values, as tags, that one of the wants leaves; null when all are bounds. */
function firstExact(wants: Wants): string[] | null {
  for (const [name, want] of sorted(wants) as [string, Want][]) {
    if (isList(want)) return want.map((value) => tagOf(name, value))
    if (typeof want !== 'object') return [tagOf(name, want)]
  }
  return null
}

function firstBounds(wants: Wants): { name: string; min: number; max: number } | null {
  for (const [name, want] of sorted(wants) as [string, Want][]) {
    if (isList(want) || typeof want !== 'object') continue
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Bounds = want
    return { name, min, max }
  }
  return null
}

function put<One>(index: Map<string, Set<One>>, tag: string, member: One): void {
  const members = index.get(tag)
  if (members) members.add(member)
  else index.set(tag, new Set([member]))
}

function drop<One>(index: Map<string, Set<One>>, tag: string, member: One): void {
  const members = index.get(tag)
  members?.delete(member)
  if (members?.size === 0) index.delete(tag)
}
