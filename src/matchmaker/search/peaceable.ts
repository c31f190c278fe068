import type { Candidate } from '../teams/exchange.ts'
import type { Roster } from '../tickets/roster.ts'

/**
 * The same candidates, those first who cannot be with the fewest of the others: one who blocks many, or whom many block,
 * would keep all of them out.
 */
export function peaceableFirst(candidates: readonly Candidate[], { tickets }: Roster): Candidate[] {
  const byPlayer = new Map<string, Candidate>()
  for (const one of candidates) for (const { id } of tickets.get(one.slot).players) byPlayer.set(id, one)
  const quarrels = new Map<Candidate, number>()
  const count = (one: Candidate) => quarrels.set(one, (quarrels.get(one) ?? 0) + 1)
  for (const one of candidates) {
    for (const id of tickets.get(one.slot).block ?? []) {
      const blocked = byPlayer.get(id)
      if (!blocked || blocked === one) continue
      count(one)
      count(blocked)
    }
  }
  return candidates.toSorted((a, b) => (quarrels.get(a) ?? 0) - (quarrels.get(b) ?? 0))
}
