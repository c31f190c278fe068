import type { Takes } from './ticket-class.ts'
import { type Attributes, NO_ATTRIBUTES, type Sides, type Wants } from './wants.ts'

/** The text that is equal for all tickets of one class. */
export const classKeyOf = (attributes: Attributes, wants: Wants, takes: Takes): string =>
  JSON.stringify([sorted(attributes), sorted(wants), takes])

const sorted = (fields: object) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))

/** The attributes that a ticket both has and wants with the same value, by name. */
export function namesOf({ attributes = NO_ATTRIBUTES, wants = NO_ATTRIBUTES }: Sides): string[] {
  return Object.keys(wants)
    .filter((name) => Object.hasOwn(attributes, name) && wants[name] === attributes[name])
    .sort()
}

/** The values of these attributes as text; null when one is missing. */
export function sameIn(names: readonly string[], attributes: Attributes): string | null {
  if (!names.every((name) => Object.hasOwn(attributes, name))) return null
  return JSON.stringify(names.map((name) => [name, attributes[name]]))
}
