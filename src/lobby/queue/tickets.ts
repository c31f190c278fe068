import type { Mode } from '../../modes.ts'
import type { EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { Attribute, MatchmakerMode, Ticket, Want } from '../matchmaker/face.ts'
import type { Entry } from './entries.ts'

/** A mode as the matchmaker knows it. */
export function toMatchmaker({ id, teamCount, minSeats, maxSeats, matchmaking }: Mode): MatchmakerMode {
  const { fillMs, roles, pointsPerSecond, maxWaitMs, maxLatencyMs } = matchmaking
  const settings = {
    id,
    shortHandedAfterMs: fillMs,
    ...(roles && { roles }),
    ...(pointsPerSecond !== undefined && { pointsPerSecond }),
    ...(maxWaitMs !== undefined && { maxWaitMs }),
    ...(maxLatencyMs !== undefined && { maxLatencyMs }),
  }
  if (teamCount === null) return { ...settings, teams: maxSeats, teamSize: 1, minTeams: minSeats }
  return { ...settings, teams: teamCount, teamSize: maxSeats / teamCount, minTeamSize: minSeats / teamCount }
}

/** A ticket as the matchmaker knows it; `avoided` are players it is not to meet. */
export function toTicket(entry: Entry, now: EpochMs, avoided: readonly PlayerId[]): Ticket {
  const { id, mode, members, ratings, wishes, queuedAt } = entry
  const { latencies, attributes, roles } = wishes
  return {
    id,
    mode: mode.id,
    players: members.map((member, n) => ({ id: member.id, ...ratings[n], mu: ratings[n]?.mu ?? 0 })),
    ...(latencies && Object.keys(latencies).length > 0 && { latencies }),
    ...(attributes && { attributes, wants: wantsOf(attributes, mode) }),
    ...(avoided.length > 0 && { block: avoided }),
    ...(roles && roles.length > 0 && { roles }),
    creditMs: Math.max(0, now - queuedAt),
  }
}

/** What the mode makes of a player's attributes: what all others must have. */
function wantsOf(attributes: Record<string, Attribute>, { matchmaking }: Mode): Record<string, Want> {
  const wants = Object.entries(attributes).flatMap(([name, value]): [string, Want][] => {
    const rule = Object.hasOwn(matchmaking.attributes, name) ? matchmaking.attributes[name] : undefined
    if (typeof rule === 'object' && typeof value === 'number') {
      return [[name, { min: value - rule.within, max: value + rule.within }]]
    }
    const isFree = rule === 'any' || (rule === undefined && typeof value === 'number')
    return isFree ? [] : [[name, value]]
  })
  return Object.fromEntries(wants)
}
