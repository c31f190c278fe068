import type { EpochMs } from '../../ports.ts'
import type { MatchId } from '../../protocol/ids.ts'
import type { QueueLogLine } from '../../protocol/queue-log-line.ts'
import { toTicket } from './matching/to-matchmaker.ts'
import type { Ticket } from './tickets/tickets.ts'

/** The queue log: one line for each ticket that has ended. */
export interface QueueJournal {
  /** Never blocks; drops the line when the log cannot take it. */
  write(line: QueueLogLine): void
  /** A pseudonym: the same for a player each time, and it does not reveal the player. */
  aliasOf(playerId: string): string
}

/** The line for a ticket that has just ended. */
export function lineOf(
  ticket: Ticket,
  ended: { at: EpochMs; reason: QueueLogLine['reason']; matchId?: MatchId | undefined },
  { aliasOf }: QueueJournal,
): QueueLogLine {
  const { mode, players, latencies, attributes, wants, roles } = toTicket(ticket, ticket.queuedAt, [])
  const { proposal } = ticket
  const team = proposal?.teams.findIndex((tickets) => tickets.some(({ id }) => id === ticket.id)) ?? -1
  return {
    ticketId: ticket.id,
    mode: mode as string,
    players: players.map(({ id, mu, sigma = 0 }) => ({ id: aliasOf(id), mu, sigma })),
    queuedAt: ticket.queuedAt,
    endedAt: ended.at,
    reason: ended.reason,
    ...(ended.matchId && { matchId: ended.matchId }),
    ...(ended.matchId && proposal && { gap: proposal.gap, team: Math.max(0, team) }),
    ...(ended.matchId && proposal?.region && { region: proposal.region }),
    ...(latencies && { latencies: { ...latencies } }),
    ...(attributes && { attributes: { ...attributes } }),
    ...(wants && { wants: wants as NonNullable<QueueLogLine['wants']> }),
    ...(roles && { roles: [...roles] }),
    predictedWaitMs: ticket.predictedWaitMs,
  }
}
