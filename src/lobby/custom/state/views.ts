import type { LobbySummary, LobbyView } from '../../../protocol/events/lobbies.ts'
import { type CustomLobby, memberOf } from './custom-lobby.ts'

const stateOf = ({ matchId }: CustomLobby): LobbyView['state'] => (matchId === null ? 'open' : 'inMatch')

/** The lobby as its members see it. */
export function viewOf(lobby: CustomLobby): LobbyView {
  const { id, code, mode, name, visibility, seal, capacity, teams, settings, isLocked, matchId, host, createdAt } =
    lobby
  return {
    id,
    code,
    mode,
    name,
    visibility,
    hasPassword: seal !== null,
    capacity,
    teams,
    settings,
    locked: isLocked,
    state: stateOf(lobby),
    ...(matchId !== null && { matchId }),
    host,
    createdAt,
    members: lobby.members.map(({ isReady, ...member }) => ({ ...member, ready: isReady })),
  }
}

/** The lobby in the public list; null for a private lobby. */
export function summaryOf(lobby: CustomLobby): LobbySummary | null {
  if (lobby.visibility === 'private') return null
  const { id, mode, name, seal, capacity, isLocked, host, createdAt, members } = lobby
  return {
    id,
    mode,
    name,
    host: { playerId: host, name: memberOf(lobby, host)?.name ?? '' },
    members: members.length,
    capacity,
    hasPassword: seal !== null,
    locked: isLocked,
    state: stateOf(lobby),
    createdAt,
  }
}
