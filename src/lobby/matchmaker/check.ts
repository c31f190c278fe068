import { type Backfill, type Ticket, TicketError, type TicketPlayer } from './face.ts'
import type { ModePlan } from './mode-plan.ts'

export const modesOf = ({ mode }: Pick<Ticket, 'mode'>): readonly string[] => (typeof mode === 'string' ? [mode] : mode)

export const meanRating = (players: readonly TicketPlayer[]): number =>
  players.reduce((sum, { mu }) => sum + mu, 0) / players.length
export const meanSigma = (players: readonly TicketPlayer[]): number =>
  players.reduce((sum, { sigma = 0 }) => sum + sigma, 0) / players.length

/** Throws a `TicketError` for a ticket that cannot be, in whatever company. */
export function checkTicket(ticket: Ticket, plans: ReadonlyMap<string, ModePlan>): void {
  const modes = modesOf(ticket)
  if (modes.length === 0 || new Set(modes).size !== modes.length || modes.some((mode) => !plans.has(mode))) {
    throw new TicketError('mode', `ticket ${ticket.id}: no such mode`)
  }
  checkPlayers(ticket.id, ticket.players)
  if (modes.some((mode) => ticket.players.length > (plans.get(mode)?.teamSize ?? 0))) {
    throw new TicketError('size', `ticket ${ticket.id}: the party is larger than a team`)
  }
  checkCredit(ticket)
  if (Object.values(ticket.latencies ?? {}).some((ms) => !(ms >= 0))) {
    throw new TicketError('latencies', `ticket ${ticket.id}: a latency is not a number from 0`)
  }
}

/** Throws a `TicketError` for a request that cannot be. */
export function checkBackfill(request: Backfill, plans: ReadonlyMap<string, ModePlan>): void {
  const plan = plans.get(request.mode)
  if (!plan) throw new TicketError('mode', `backfill ${request.id}: no such mode`)
  if (request.teams.length > plan.teams || request.teams.some((team) => team.length > plan.teamSize)) {
    throw new TicketError('size', `backfill ${request.id}: the match is larger than its mode`)
  }
  const players = request.teams.flat()
  if (players.length > 0) checkPlayers(request.id, players)
  checkCredit(request)
}

function checkPlayers(id: string, players: readonly TicketPlayer[]): void {
  if (players.length === 0) throw new TicketError('players', `ticket ${id}: nobody is in it`)
  if (new Set(players.map((player) => player.id)).size !== players.length) {
    throw new TicketError('players', `ticket ${id}: a player is in it twice`)
  }
  if (!players.every(({ mu, sigma = 0 }) => Number.isFinite(mu) && Number.isFinite(sigma) && sigma >= 0)) {
    throw new TicketError('rating', `ticket ${id}: a rating is not a finite number`)
  }
}

function checkCredit({ id, creditMs = 0 }: { id: string; creditMs?: number }): void {
  if (!Number.isFinite(creditMs) || creditMs < 0) {
    throw new TicketError('credit', `ticket ${id}: the credit is not a number from 0`)
  }
}
