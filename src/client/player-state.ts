import type { TellsOf } from '../protocol/declare.ts'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'

export type Tells = TellsOf<typeof lobbyTable>
/** What a push of `/lobby` says. */
export type Told<Event extends keyof Tells> = Parameters<Tells[Event]>[0]
type Resumed = Told<'session'>['resumed']

/** What is yours right now: at most one of each. */
export interface PlayerState {
  readonly ticket: NonNullable<Resumed['ticket']> | null
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
  'queue:joined': (_state, { ticket }) => ({ ticket }),
  'queue:updated': ({ ticket }, { ticketId, estimatedWaitMs }) =>
    ticket?.id === ticketId ? { ticket: { ...ticket, estimatedWaitMs } } : {},
  'queue:ended': ({ ticket }, { ticketId }) => (ticket?.id === ticketId ? { ticket: null } : {}),
  'match:proposed': (_state, proposal) => ({ proposal }),
  'match:found': (_state, { rematchOf: _, ...match }) => ({ match, proposal: null }),
  'match:cancelled': outOfMatch,
  'match:ended': outOfMatch,
  'party:state': (_state, { party }) => ({ party }),
  'lobby:state': (_state, { lobby }) => ({ lobby }),
  'lobby:left': outOfLobby,
  'lobby:kicked': outOfLobby,
  'lobby:closed': outOfLobby,
}
export type StatePush = keyof typeof news

function outOfMatch({ match, proposal }: PlayerState, { matchId }: { matchId: string }): Partial<PlayerState> {
  return {
    ...(match?.matchId === matchId && { match: null }),
    ...(proposal?.matchId === matchId && { proposal: null }),
  }
}
function outOfLobby({ lobby }: PlayerState, { lobbyId }: { lobbyId: string }): Partial<PlayerState> {
  return lobby?.id === lobbyId ? { lobby: null } : {}
}

export const statePushes = Object.keys(news) as StatePush[]

/** The state after a push. */
export function afterPush(state: PlayerState, event: StatePush, told: unknown): PlayerState {
  const change = news[event] as (state: PlayerState, told: unknown) => Partial<PlayerState>
  return { ...state, ...change(state, told) }
}

/** The fields of replies that the state takes over. */
export interface Answer {
  ticket?: PlayerState['ticket']
  party?: PlayerState['party']
  lobby?: PlayerState['lobby']
  match?: { matchId: string }
  you?: { as: string }
}
/**
 * The state after the reply to a request, which may arrive before the push that says the same. Of something known the
 * pushes are newer. `hasEnded` tells whether a push has already ended it.
 */
export function afterReply(
  state: PlayerState,
  answer: Answer,
  hasEnded: (what: 'ticket' | 'party' | 'lobby', id: string) => boolean,
): PlayerState {
  const next: { -readonly [Key in keyof PlayerState]: PlayerState[Key] } = { ...state }
  const { ticket, party, lobby, match, you } = answer
  if (ticket && ticket.id !== state.ticket?.id && !hasEnded('ticket', ticket.id)) next.ticket = ticket
  if (party && party.id !== state.party?.id && !hasEnded('party', party.id)) next.party = party
  if (lobby && lobby.id !== state.lobby?.id && !hasEnded('lobby', lobby.id)) next.lobby = lobby
  if (you?.as === 'player' && state.match && state.match.matchId === match?.matchId)
    next.match = { ...state.match, joinBy: null }
  return next
}
