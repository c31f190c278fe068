import type { Proposal, Ticket } from '../../../src/matchmaker/api.ts'
import { hold } from './broken.ts'
import type { Entry, Ledger } from './ledger.ts'

/** Somebody of a group that was turned down may have to wait for another one. */
const REST_MS = 60_000

/** Of tickets that differ in nothing but their age, the older ones play first. */
export function checkOrder(
  proposals: readonly Proposal[],
  born: ReadonlyMap<string, number>,
  ledger: Ledger,
  now: number,
) {
  const waiting = ledger.queued()
  const chosen = proposals.flatMap(({ teams }) => teams.flat())
  const openings = [...ledger.openings.values()].flatMap((one) => [one.request, ...ledger.guestsOf(one).flat()])
  // Whoever is blocked differs from who is not, also by those who are in a match or on their way there.
  if ([...waiting.map(({ ticket }) => ticket), ...chosen, ...openings].some(({ block }) => block)) return
  const oldest = new Map<string, Entry>()
  for (const entry of waiting) {
    const likeness = likenessOf(entry.ticket)
    if (ledger.wasTurnedDown(entry.ticket.id, now - REST_MS)) continue
    if (entry.bornAt < (oldest.get(likeness)?.bornAt ?? Infinity)) oldest.set(likeness, entry)
  }
  for (const ticket of chosen) {
    const older = oldest.get(likenessOf(ticket))
    const isFair = !older || older.bornAt >= (born.get(ticket.id) ?? 0)
    hold(isFair, 'of equal tickets the older plays first', () => `${ticket.id} before ${older?.ticket.id}`)
  }
}

const likenesses = new WeakMap<Ticket, string>()
function likenessOf(ticket: Ticket): string {
  const known = likenesses.get(ticket)
  if (known !== undefined) return known
  const { id: _, creditMs: __, players, ...rest } = ticket
  const likeness = JSON.stringify([rest, players.map(({ id: ___, ...player }) => player)])
  likenesses.set(ticket, likeness)
  return likeness
}
