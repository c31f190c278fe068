import type { Attribute, Ticket, Want } from '../api.ts'

export type Attributes = NonNullable<Ticket['attributes']>
export type Wants = NonNullable<Ticket['wants']>
export type Sides = Pick<Ticket, 'attributes' | 'wants'>

/** Whether each side has what the other wants. */
export const areCompatible = (a: Sides, b: Sides): boolean => accepts(a, b) && accepts(b, a)

export const NO_ATTRIBUTES: Attributes = {}

/** Whether the second side has what the first wants. */
function accepts({ wants }: Sides, { attributes = NO_ATTRIBUTES }: Sides): boolean {
  if (wants === undefined) return true
  for (const name in wants) {
    if (Object.hasOwn(wants, name) && !isMet(wants[name] as Want, attributes[name])) return false
  }
  return true
}

function isMet(want: Want, value: Attribute | undefined): boolean {
  if (value === undefined) return false
  if (isList(want)) return want.includes(value)
  if (typeof want !== 'object') return want === value
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = want
  return typeof value === 'number' && value >= min && value <= max
}

const isList = (want: Want): want is readonly Attribute[] => Array.isArray(want)
