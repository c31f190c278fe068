import type { Attribute, Proposal, Want } from '../../../matchmaker/api.ts'

/** What the players of a match agreed on, and a late joiner has to suit: region, attributes and wants. */
export interface Terms {
  region: string | null
  attributes: Readonly<Record<string, Attribute>>
  wants: Readonly<Record<string, Want>>
}

/** The terms of a match once these have been matched into it. */
export function termsWith(before: Terms | undefined, { region, teams }: Pick<Proposal, 'region' | 'teams'>): Terms {
  const tickets = teams.flat()
  const wants = tickets.map((ticket) => ticket.wants ?? {}).reduce(both, before?.wants ?? {})
  const attributes = Object.assign({}, before?.attributes, ...tickets.map((ticket) => ticket.attributes))
  return { region: before?.region ?? region, attributes, wants }
}

// Players who accept each other have the same exact wants.
function both(some: Terms['wants'], more: Terms['wants']): Terms['wants'] {
  const narrowed = Object.entries(more).map(([name, want]) => [name, narrower(ownOf(some, name), want)])
  return { ...some, ...Object.fromEntries(narrowed) }
}

const ownOf = (wants: Terms['wants'], name: string): Want | undefined =>
  Object.hasOwn(wants, name) ? wants[name] : undefined

function narrower(one: Want | undefined, other: Want): Want {
  if (!isRange(one) || !isRange(other)) return other
  return {
    min: Math.max(one.min ?? Number.NEGATIVE_INFINITY, other.min ?? Number.NEGATIVE_INFINITY),
    max: Math.min(one.max ?? Number.POSITIVE_INFINITY, other.max ?? Number.POSITIVE_INFINITY),
  }
}

const isRange = (want: Want | undefined): want is { min?: number; max?: number } =>
  typeof want === 'object' && !Array.isArray(want)
