import type { Mode } from '../../../config/modes.ts'
import type { Attribute, Ticket, Want } from '../../../matchmaker/api.ts'
import { type Refusal, refuse } from '../../../protocol/reply.ts'
import type { Wishes } from '../tickets/tickets.ts'

// How finely numbers are compared: each costs as much as there are steps around it.
const STEPS = 100

/**
 * Keeps the parts of a request that can count: known regions, and the roles and attributes that the mode names.
 * Anything else that a client sends is not even stored.
 */
export function wishesIn(mode: Mode, regions: readonly string[], asked: Wishes): Wishes | Refusal {
  const { attributes: rules, roles: named = {} } = mode.matchmaking
  const roles = [...new Set(asked.roles)].filter((role) => Object.hasOwn(named, role)).sort()
  const names = Object.keys(named)
  if (roles.length === 0 && asked.roles && asked.roles.length > 0 && names.length > 0) {
    return refuse('BAD_REQUEST', { because: `roles: this mode has ${names.join(', ')}` })
  }
  return {
    ...(asked.attributes && { attributes: only(asked.attributes, (name) => Object.hasOwn(rules, name)) }),
    ...(asked.latencies && { latencies: latenciesTo(regions, asked.latencies) }),
    ...(roles.length > 0 && { roles }),
  }
}

// A player who names no known region is near none of them, which a single name says as well as many.
function latenciesTo(regions: readonly string[], asked: Record<string, number>): Record<string, number> {
  const known = only(asked, (region) => regions.includes(region))
  const [first] = regions.length > 0 && Object.keys(known).length === 0 ? Object.entries(asked) : []
  return first ? Object.fromEntries([first]) : known
}

const only = <T>(fields: Record<string, T>, isWanted: (name: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => isWanted(name)))

/** The attributes of the ticket, and what it wants of others, by the rules of the mode. */
export function demandsOf(
  given: Record<string, Attribute>,
  { matchmaking }: Mode,
): Pick<Ticket, 'attributes' | 'wants'> | undefined {
  const attributes: Record<string, Attribute> = {}
  const wants: Record<string, Want> = {}
  for (const [name, rule] of Object.entries(matchmaking.attributes)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    // An attribute that no mode rule uses would only make tickets differ.
    if (value === undefined || rule === 'any') continue
    const isBound = typeof rule === 'object' && typeof value === 'number'
    const { is, wanted } = isBound ? about(value, rule.within) : { is: value, wanted: value }
    attributes[name] = is
    wants[name] = wanted
  }
  return Object.keys(wants).length > 0 ? { attributes, wants } : undefined
}

/**
 * A number as a count of steps, a hundredth or so of what it may differ by and whole ones where that is possible, so that
 * there are only so many in reach of each other. What lies between two steps wants the others nearer by one: what the
 * mode says is never exceeded, for anyone.
 */
function about(value: number, within: number): { is: number; wanted: Want } {
  if (within === 0) return { is: value, wanted: value }
  const step = within < 1 ? plainStep(within / STEPS) : Math.max(1, plainStep(within / STEPS))
  const steps = value / step
  const nearest = Math.round(steps)
  const isOnStep = Math.abs(steps - nearest) <= Number.EPSILON * 4 * Math.abs(steps)
  const is = isOnStep ? nearest : Math.floor(steps)
  const reach = Math.floor(within / step + 1e-9) - (isOnStep ? 0 : 1)
  return { is, wanted: { min: is - reach, max: is + reach } }
}

/** 1, 2 or 5 times a power of ten, and no more than that: what people write falls on such steps. */
function plainStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  const digit = most / power >= 5 ? 5 : most / power >= 2 ? 2 : 1
  return digit * power
}
