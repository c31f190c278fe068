import type { Mode } from '../../../config/modes.ts'
import type { MatchmakerMode, Ticket as MatchmakerTicket } from '../../../matchmaker/api.ts'
import type { EpochMs } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import { type Ticket, waitedMs } from '../tickets/tickets.ts'
import { demandsOf } from './requirements.ts'

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
export function toTicket(ticket: Ticket, now: EpochMs, avoided: readonly PlayerId[]): MatchmakerTicket {
  const { id, mode, members, ratings, wishes } = ticket
  const { latencies, attributes, roles } = wishes
  return {
    id,
    mode: mode.id,
    players: members.map((member, n) => ({ id: member.id, ...ratings[n], mu: ratings[n]?.mu ?? 0 })),
    ...(latencies && Object.keys(latencies).length > 0 && { latencies }),
    ...(attributes && demandsOf(attributes, mode)),
    ...(avoided.length > 0 && { block: avoided }),
    ...(roles && roles.length > 0 && { roles }),
    creditMs: waitedMs(ticket, now),
  }
}
