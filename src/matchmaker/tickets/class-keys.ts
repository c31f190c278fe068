import type { Takes } from './ticket-class.ts'
import { type Attributes, NOTHING_SAID, type Sides, type Wants } from './wants.ts'

/** What tickets of one class have in common, as text. */
export const classKeyOf = (attributes: Attributes, wants: Wants, takes: Takes): string =>
  JSON.stringify([sorted(attributes), sorted(wants), takes])

const sorted = (fields: object) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))

/** The names of a ticket's attributes and wants. */
export function namesOf({ attributes = NOTHING_SAID, wants = NOTHING_SAID }: Sides): string[] {
  return Object.keys(wants)
    .filter((name) => Object.hasOwn(attributes, name) && wants[name] === attributes[name])
    .sort()
}

/** The values under these names as text; null when one is missing. */
export function sameIn(names: readonly string[], attributes: Attributes): string | null {
  if (!names.every((name) => Object.hasOwn(attributes, name))) return null
  return JSON.stringify(names.map((name) => [name, attributes[name]]))
}
