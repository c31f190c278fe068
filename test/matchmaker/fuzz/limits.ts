import type {
  Attribute,
  MatchmakerMode,
  MatchmakerOptions,
  Ticket,
  TicketPlayer,
  Want,
} from '../../../src/matchmaker/api.ts'
import { rolesCanBeFilled } from './roles.ts'

/** The hard limits of a match, written down a second time, as plainly as can be and without a thought for speed. */
export type Rules = Pick<MatchmakerOptions, 'regions' | 'maxLatencyMs' | 'maxWaitMs'>
export type Side = Pick<Ticket, 'players' | 'attributes' | 'wants' | 'block'>
/** How many teams, of how many players each. */
export type Shape = readonly [teams: number, size: number]

export const maxWaitOf = (mode: MatchmakerMode, rules: Rules): number => mode.maxWaitMs ?? rules.maxWaitMs ?? 120_000

function fulfils(attribute: Attribute | undefined, want: Want): boolean {
  if (attribute === undefined) return false
  if (typeof want !== 'object') return attribute === want
  if ('length' in want) return want.includes(attribute)
  const { min = -Infinity, max = Infinity } = want
  return typeof attribute === 'number' && attribute >= min && attribute <= max
}

const wantsAreMet = ({ wants = {} }: Side, { attributes = {} }: Side): boolean =>
  Object.entries(wants).every(([key, want]) =>
    fulfils(Object.hasOwn(attributes, key) ? attributes[key] : undefined, want),
  )
const blocks = ({ block = [] }: Side, { players }: Side): boolean =>
  block.length > 0 && players.some(({ id }) => block.includes(id))

export const acceptEachOther = (a: Side, b: Side): boolean => wantsAreMet(a, b) && wantsAreMet(b, a)
export const areBlocked = (a: Side, b: Side): boolean => blocks(a, b) || blocks(b, a)
export const mayMeet = (a: Side, b: Side): boolean => acceptEachOther(a, b) && !areBlocked(a, b)

export function canReach({ latencies }: Ticket, region: string | null, mode: MatchmakerMode, rules: Rules): boolean {
  if (region === null || !latencies) return true
  const latency = Object.hasOwn(latencies, region) ? latencies[region] : undefined
  return latency !== undefined && latency <= (mode.maxLatencyMs ?? rules.maxLatencyMs ?? 150)
}

/** Where a match can be; only `null` where regions do not matter. */
export const regionsOf = ({ regions = [] }: Rules): readonly (string | null)[] =>
  regions.length > 0 ? regions : [null]

/** Every shape that a match may have once its oldest ticket has waited so long, the full one first. */
export function shapesOf(mode: MatchmakerMode, oldestWaitMs: number): Shape[] {
  const { teams, teamSize, minTeams = teams, minTeamSize = teamSize, shortHandedAfterMs } = mode
  if (shortHandedAfterMs === undefined || oldestWaitMs < shortHandedAfterMs) return [[teams, teamSize]]
  const shapes: Shape[] = []
  for (let size = teamSize; size >= minTeamSize; size -= 1)
    for (let count = teams; count >= minTeams; count -= 1) shapes.push([count, size])
  return shapes
}

const playersOf = ({ players, roles }: Ticket): TicketPlayer[] =>
  players.map((player) => (player.roles || !roles ? player : { ...player, roles }))

/** Whether a team of a match that begins has the roles that its mode asks for, or as many as it is large. */
export function teamHasItsRoles({ roles }: MatchmakerMode, team: readonly Ticket[]): boolean {
  const players = team.flatMap(playersOf)
  const slots = Object.values(roles ?? {}).reduce((sum, count) => sum + count, 0)
  return !roles || rolesCanBeFilled(roles, { players, free: Math.max(0, slots - players.length) })
}

/** Whether a team of a match that goes on can still have its roles when the tickets join those who are there. */
export function teamMayHaveItsRoles(mode: MatchmakerMode, team: readonly Ticket[], there: readonly TicketPlayer[]) {
  const players = [...there, ...team.flatMap(playersOf)]
  return !mode.roles || rolesCanBeFilled(mode.roles, { players, free: mode.teamSize - players.length })
}

export const headsOf = (tickets: readonly Ticket[]): number =>
  tickets.reduce((sum, { players }) => sum + players.length, 0)
