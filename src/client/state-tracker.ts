import type { Socket } from 'socket.io-client'
import { type Ending, endingsIn, idOf } from './endings.ts'
import { createListeners } from './listeners.ts'
import {
  type Answer,
  afterPush,
  afterReply,
  NOTHING,
  type PlayerState,
  type StatePush,
  statePushes,
} from './player-state.ts'

/** The number of endings that are remembered. */
const MOST_ENDINGS = 100

/** Keeps a player's state current from the pushes and replies of a connection, in the order in which they arrive. */
export function createStateTracker() {
  const stateListeners = createListeners<[PlayerState]>()
  const endingListeners = createListeners<[Ending]>()
  const ended = new Map<string, Ending>()
  let state = NOTHING

  function become(next: PlayerState): void {
    for (const what of ['party', 'lobby'] as const) ended.delete(`${what} ${idOf(what, next)}`)
    if (isSame(state, next)) return
    state = next
    stateListeners.tell(state)
  }
  function heard(event: StatePush, told: unknown): void {
    const news = endingsIn(state, event, told).flatMap((ending) => note(ending) ?? [])
    become(afterPush(state, event, told))
    for (const ending of news) endingListeners.tell(ending)
  }
  /** Remembers an ending, and returns it; null when it is known. */
  function note({ what, id, reason }: Ending): Ending | null {
    const key = `${what} ${id}`
    if (ended.has(key)) return null
    const ending = { what, id, reason }
    ended.set(key, ending)
    const [oldest] = ended.keys()
    if (ended.size > MOST_ENDINGS && oldest !== undefined) ended.delete(oldest)
    return ending
  }

  return {
    state: () => state,
    /** Why this match is over for the player, if that is known. */
    endOfMatch: (matchId: string): string | undefined =>
      (ended.get(`match ${matchId}`) ?? ended.get(`proposal ${matchId}`))?.reason,
    /** Call it before anything else listens to the socket. */
    follow(socket: Pick<Socket, 'on'>): void {
      for (const event of statePushes) socket.on(event, (told: unknown) => heard(event, told))
    },
    answered(_event: string, reply: object): void {
      if ('ok' in reply && reply.ok)
        become(afterReply(state, reply as Answer, (what, id) => ended.has(`${what} ${id}`)))
    },
    onState: stateListeners.add,
    onEnded: endingListeners.add,
  }
}
export type StateTracker = ReturnType<typeof createStateTracker>

const isSame = (before: PlayerState, after: PlayerState): boolean =>
  (Object.keys(before) as (keyof PlayerState)[]).every((what) => before[what] === after[what])
