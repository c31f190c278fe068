import { type Backfill, type Ticket, TicketError, type TicketPlayer } from './api.ts'
import type { ModePlan } from './mode-plan.ts'
import { checkAttributes, isValidDuration, isValidRating } from './validate.ts'

export const modesOf = ({ mode }: Pick<Ticket, 'mode'>): readonly string[] => (typeof mode === 'string' ? [mode] : mode)

export function meanRating(players: readonly TicketPlayer[]): number {
  let sum = 0
  for (const { mu } of players) sum += mu
  return sum / players.length
}
export function meanSigma(players: readonly TicketPlayer[]): number {
  let sum = 0
  for (const { sigma = 0 } of players) sum += sigma
  return sum / players.length
}

/** Throws a `TicketError` for a ticket that is invalid on its own. */
export function checkTicket(ticket: Ticket, plans: ReadonlyMap<string, ModePlan>): void {
  const { mode, players, latencies } = ticket
  const most = plans.size
  if (typeof mode !== 'string' && (mode.length === 0 || mode.length > most || new Set(mode).size !== mode.length)) {
    throw new TicketError('mode', `ticket ${ticket.id}: no mode, or the same twice`)
  }
  if (typeof mode === 'string') checkMode(ticket, plans.get(mode))
  else for (const one of mode) checkMode(ticket, plans.get(one))
  checkPlayers(ticket.id, players)
  checkCredit(ticket)
  checkAttributes(ticket)
  if (latencies && !Object.values(latencies).every(isValidDuration)) {
    throw new TicketError('latencies', `ticket ${ticket.id}: a latency is not a number from 0`)
  }
}

function checkMode({ id, players }: Ticket, plan: ModePlan | undefined): void {
  if (!plan) throw new TicketError('mode', `ticket ${id}: no such mode`)
  if (players.length <= plan.teamSize) return
  throw new TicketError('size', `ticket ${id}: the party is larger than a team`)
}

/** Throws a `TicketError` for an invalid backfill. */
export function checkBackfill(request: Backfill, plans: ReadonlyMap<string, ModePlan>): void {
  const plan = plans.get(request.mode)
  if (!plan) throw new TicketError('mode', `backfill ${request.id}: no such mode`)
  if (request.teams.length > plan.teams || request.teams.some((team) => team.length > plan.teamSize)) {
    throw new TicketError('size', `backfill ${request.id}: the match is larger than its mode`)
  }
  const players = request.teams.flat()
  if (players.length > 0) checkPlayers(request.id, players)
  checkAttributes(request)
  checkCredit(request)
}

function checkPlayers(id: string, players: readonly TicketPlayer[]): void {
  if (players.length === 0) throw new TicketError('players', `ticket ${id}: nobody is in it`)
  if (players.length > 1 && new Set(players.map((player) => player.id)).size !== players.length) {
    throw new TicketError('players', `ticket ${id}: a player is in it twice`)
  }
  for (const { mu, sigma = 0 } of players) {
    if (isValidRating(mu) && isValidRating(sigma) && sigma >= 0) continue
    throw new TicketError('rating', `ticket ${id}: a rating is not within a billion points, or its sigma is negative`)
  }
}

function checkCredit({ id, creditMs = 0 }: { id: string; creditMs?: number }): void {
  if (!isValidDuration(creditMs)) {
    throw new TicketError('credit', `ticket ${id}: the credit is not a number from 0`)
  }
}
