import type { AnswerOf } from '../../protocol/declare.ts'
import type { lobby } from '../../protocol/events/lobby.ts'
import type { Matchmaking } from './matching/matchmaking.ts'
import type { Ticket } from './tickets/tickets.ts'

export type Explained = AnswerOf<(typeof lobby.requests)['queue:explain']>
type Reasons = Pick<Explained, 'window' | 'blockedBy'>

/** Why the ticket has no match yet. `proposed`: the size of the match that it was asked to accept, or null. */
export function explainTicket(ticket: Ticket, matchmaking: Matchmaking, proposed: number | null): Reasons {
  const why = matchmaking.explain(ticket)
  if (why) {
    const { tolerance, unconditionalAt, density } = why
    const rules = Object.entries(why.blockedBy).filter(([, count]) => count > 0)
    return {
      window: {
        points: tolerance === null ? null : Math.round(tolerance),
        anyoneAt: Math.round(unconditionalAt),
        arrivalsPerSecond: density,
      },
      blockedBy: Object.fromEntries(rules),
    }
  }
  const window = { points: null, anyoneAt: null, arrivalsPerSecond: null }
  const { state } = ticket
  if (state.is === 'held') return { window, blockedBy: { away: state.awayBy.size } }
  return { window, blockedBy: proposed === null ? {} : { readyCheck: proposed } }
}
