import type { Socket } from 'socket.io-client'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { match as matchTable } from '../protocol/events/match.ts'
import type { Line } from './connection-line.ts'
import { afterPush, afterReply, NOTHING, type PlayerState, pushesThatChange, type Told } from './player-state.ts'

/** Keeps a player's state current from the pushes and replies of a connection. */
export function trackState(lobby: Line<typeof lobbyTable>, match: Line<typeof matchTable>, first: Told<'session'>) {
  const listeners = new Set<(state: PlayerState) => void>()
  let state = afterPush(NOTHING, 'session', first)

  function become(next: PlayerState): void {
    if (next === state) return
    state = next
    for (const listener of listeners) listener(state)
  }
  const socket = lobby.socket as unknown as Socket
  for (const event of pushesThatChange) socket.on(event, (told: unknown) => become(afterPush(state, event, told)))
  match.socket.on('match:closed', ({ matchId }) => {
    if (state.match?.matchId === matchId) become({ ...state, match: null })
  })

  return {
    state: () => state,
    answered: (event: string, reply: object) => become(afterReply(state, event, reply)),
    onState(listener: (state: PlayerState) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
