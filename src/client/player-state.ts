import type { TellsOf } from '../protocol/declare.ts'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'

type Tells = TellsOf<typeof lobbyTable>
export type Told<Event extends keyof Tells> = Parameters<Tells[Event]>[0]
type Resumed = Told<'session'>['resumed']

/** A ticket; `mode` is null when another player queued you and this connection was not told the mode. */
type Ticket = Omit<NonNullable<Resumed['ticket']>, 'mode'> & { mode: string | null }

/** What is yours right now: at most one of each. */
export interface PlayerState {
  readonly ticket: Ticket | null
  /** A match that waits for you to accept it. */
  readonly proposal: NonNullable<Resumed['proposal']> | null
  /** Your seat; `joinBy` is null once you have taken it. */
  readonly match: NonNullable<Resumed['match']> | null
  readonly party: NonNullable<Resumed['party']> | null
  readonly lobby: NonNullable<Resumed['lobby']> | null
}
export const NOTHING: PlayerState = { ticket: null, proposal: null, match: null, party: null, lobby: null }

type News = { [Event in keyof Tells]?: (state: PlayerState, told: Told<Event>) => Partial<PlayerState> }

/** What each push changes. */
const news: News = {
  session: (_state, { resumed: { ticket = null, proposal = null, match = null, party = null, lobby = null } }) => ({
    ticket,
    proposal,
    match,
    party,
    lobby,
  }),
  'queue:updated': ({ ticket }, { ticketId, waitedMs, estimatedWaitMs }) => ({
    ticket:
      ticket?.id === ticketId
        ? { ...ticket, estimatedWaitMs }
        : { id: ticketId, mode: null, queuedAt: Date.now() - waitedMs, estimatedWaitMs },
  }),
  'queue:ended': ({ ticket }, { ticketId }) => (ticket?.id === ticketId ? { ticket: null } : {}),
  'match:proposed': (_state, proposal) => ({ proposal }),
  'match:found': (_state, { rematchOf: _, ...match }) => ({ match, proposal: null }),
  'match:cancelled': ({ match, proposal }, { matchId }) => ({
    ...(match?.matchId === matchId && { match: null }),
    ...(proposal?.matchId === matchId && { proposal: null }),
  }),
  'party:state': (_state, { party }) => ({ party }),
  'lobby:state': (_state, { lobby }) => ({ lobby }),
  'lobby:left': leftLobby,
  'lobby:kicked': leftLobby,
  'lobby:closed': leftLobby,
}

function leftLobby({ lobby }: PlayerState, { lobbyId }: { lobbyId: string }): Partial<PlayerState> {
  return lobby?.id === lobbyId ? { lobby: null } : {}
}

export const pushesThatChange = Object.keys(news) as (keyof News)[]

/** The state after a push. */
export function afterPush(state: PlayerState, event: keyof News, told: unknown): PlayerState {
  const change = news[event] as (state: PlayerState, told: unknown) => Partial<PlayerState>
  return { ...state, ...change(state, told) }
}

/** The state after the reply to a request: some replies arrive before the push that says the same. */
export function afterReply(state: PlayerState, event: string, reply: object): PlayerState {
  if (!('ok' in reply) || !reply.ok) return state
  if (event === 'queue:leave' || event === 'lobby:leave' || event === 'party:leave') return state
  const { ticket, party, lobby } = reply as Partial<PlayerState>
  return { ...state, ...(ticket && { ticket }), ...(party && { party }), ...(lobby && { lobby }) }
}
