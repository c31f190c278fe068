import type { Explanation } from '../../../matchmaker/api.ts'
import type { createMatchmaker } from '../../../matchmaker/matchmaker.ts'
import type { Clock, EpochMs } from '../../../ports.ts'
import type { Ticket } from '../tickets/tickets.ts'

// Among so many tickets an explanation is expensive, so it is given again for a second.
const MANY = 200
const VALID_MS = 1_000

interface ExplanationsParts {
  matchmaker: Pick<ReturnType<typeof createMatchmaker>, 'explain' | 'searching'>
  clock: Clock
  /** The matchmaker's time. */
  served: () => EpochMs
}

/** Explains why a ticket still searches. In a large queue the explanation may be a second old. */
export function createExplanations({ matchmaker, clock, served }: ExplanationsParts) {
  const known = new Map<string, { at: EpochMs; why: Explanation }>()

  /** Null for a ticket that does not search. */
  function of({ id, mode }: Ticket): Explanation | null {
    const now = clock.now()
    const last = known.get(id)
    if (last && now >= last.at && now < last.at + VALID_MS) return last.why
    const why = matchmaker.explain(id, served())
    if (why && matchmaker.searching(mode.id) > MANY) known.set(id, { at: now, why })
    return why
  }

  return { of, forget: (id: string): void => void known.delete(id) }
}
