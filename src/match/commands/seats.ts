import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { Connections } from '../connections.ts'
import { type MatchRegistry, type Member, memberSeat } from '../registry.ts'
import type { Decide } from '../runtime/match-runtime.ts'
import type { Ask, Insist } from './ask.ts'

interface SeatCommandsParts {
  registry: MatchRegistry
  connections: Pick<Connections, 'isConnected'>
  ask: Ask
  insist: Insist
}

/** Changes of a seat outside play: answering a proposal, giving the seat up, losing the connection. */
export function createSeatCommands({ registry, connections, ask, insist }: SeatCommandsParts) {
  /** Gives the seat up for good, or stops spectating. */
  async function quit({ matchId, playerId }: Member): Promise<Accepted | Refusal> {
    const runtime = registry.get(matchId)
    if (!runtime) return refuse('NOT_IN_MATCH')
    const decide: Decide = (turn) => ({
      type: memberSeat(turn, playerId) ? 'player.quit' : 'spectator.left',
      playerId,
    })
    const refusal = await ask(runtime, decide, undefined, 'requests')
    return refusal ?? accept({})
  }

  /** Accepts or declines a proposed match. Accepting again changes nothing, also after the ready check. */
  async function answerProposal(
    { matchId, playerId }: Member,
    answer: 'accepted' | 'declined',
  ): Promise<Accepted | Refusal> {
    const runtime = registry.get(matchId)
    if (!runtime || !memberSeat(runtime, playerId)) return refuse('NOT_FOUND')
    const decide: Decide = (turn) => {
      const { state, context } = turn.snapshot
      const seat = memberSeat(turn, playerId)
      if (!seat) return refuse('TOO_LATE')
      if (state === 'proposed') return { type: `player.${answer}`, playerId }
      return answer === 'accepted' && context.accepted.includes(seat.seat) ? null : refuse('TOO_LATE')
    }
    const refusal = await ask(runtime, decide, undefined, 'requests')
    return refusal ?? accept({})
  }

  /** Call when a connection of a player closed. The player drops when it was the last one. */
  function connectionLost({ matchId, playerId }: Member): void {
    const runtime = registry.get(matchId)
    if (!runtime) return
    const decide: Decide = (turn) => {
      if (connections.isConnected(matchId, playerId)) return null
      return { type: memberSeat(turn, playerId) ? 'player.dropped' : 'spectator.left', playerId }
    }
    insist(runtime, decide, 'requests')
  }

  return { quit, answerProposal, connectionLost }
}
