import type { MatchmakerMode, Ticket, TicketFault } from '../../../src/matchmaker/api.ts'
import type { Ledger } from './ledger.ts'

/** Every reason for which a ticket cannot be taken. `self` is its former form, when it is changed. */
export function faultsOf(ticket: Ticket, ledger: Ledger, self?: Ticket): TicketFault[] {
  const { modes, entries, players } = ledger
  const asked = (typeof ticket.mode === 'string' ? [ticket.mode] : ticket.mode).map((id) => modes.get(id))
  const known = asked.filter((mode): mode is MatchmakerMode => mode !== undefined)
  const ids = ticket.players.map(({ id }) => id)
  const isBad = (value: number) => !Number.isFinite(value) || Math.abs(value) > 1e9
  const isNegative = (value: number) => isBad(value) || value < 0
  const isNoTime = (ms: number) => !(ms >= 0 && ms <= 8.64e15)
  const reasons: [TicketFault, boolean][] = [
    ['mode', known.length === 0 || new Set(known).size < asked.length],
    ['players', ids.length === 0 || new Set(ids).size < ids.length],
    ['size', known.some(({ teamSize }) => ids.length > teamSize)],
    ['rating', ticket.players.some(({ mu, sigma = 0 }) => isBad(mu) || isNegative(sigma))],
    ['latencies', Object.values(ticket.latencies ?? {}).some(isNoTime)],
    ['credit', isNoTime(ticket.creditMs ?? 0)],
    ['duplicate', !self && entries.has(ticket.id)],
    ['duplicate', ids.some((id) => players.has(id) && players.get(id) !== self?.id)],
  ]
  return reasons.flatMap(([fault, isSo]) => (isSo ? [fault] : []))
}
