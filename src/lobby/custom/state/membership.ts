import type { EpochMs } from '../../../ports.ts'
import type { LobbyId, PlayerId } from '../../../protocol/ids.ts'
import { type Refusal, refuse } from '../../../protocol/reply.ts'
import { type CustomLobby, isFull, memberOf, newMember, type Player, smallestTeam, withMember } from './custom-lobby.ts'

/** How long a member who dropped keeps the place, and a host the role. */
export const GRACE_MS = 30_000
// More than a host kicks by hand; beyond it the oldest are forgotten.
const MAX_KICKED = 500

/** How a player names a lobby. */
export type Key = { lobbyId: LobbyId } | { code: string }
export interface Entrant {
  player: Player
  key: Key
  /** The password hash that the given password matched, or null. */
  opened: string | null
  /** Whether the host has blocked the player. */
  isBlocked: boolean
  at: EpochMs
}

/** Adds a player. A member stays as they are. */
export function enter(lobby: CustomLobby, { player, key, opened, isBlocked, at }: Entrant): CustomLobby | Refusal {
  if (memberOf(lobby, player.id)) return lobby
  // To a player whom the host has blocked the lobby does not exist.
  if (isBlocked) return unknown(key)
  // The code and the visibility may have changed since the lobby was found.
  if ('code' in key && key.code !== lobby.code) return unknown(key)
  if ('lobbyId' in key && lobby.visibility === 'private') return unknown(key)
  if (lobby.kicked.includes(player.id)) return refuse('FORBIDDEN', { because: 'the host has sent you away' })
  if (lobby.isLocked) return refuse('LOBBY_LOCKED')
  if (lobby.seal !== null && opened !== lobby.seal) return refuse('WRONG_PASSWORD')
  if (isFull(lobby)) return refuse('LOBBY_FULL')
  return { ...lobby, activeAt: at, members: [...lobby.members, newMember(player, smallestTeam(lobby), at)] }
}

/** The refusal for a lobby that does not exist, or not for this player. */
export const unknown = (key: Key): Refusal => refuse('code' in key ? 'INVITE_INVALID' : 'NOT_FOUND')

/** Removes a member. An empty lobby is over. */
export function leave(lobby: CustomLobby, playerId: PlayerId, at: EpochMs): CustomLobby {
  return { ...without(lobby, [playerId]), activeAt: at }
}

/** Removes a member for good: they cannot join again, even with the new code. */
export function kick(lobby: CustomLobby, playerId: PlayerId, newCode: string, at: EpochMs): CustomLobby | Refusal {
  if (playerId === lobby.host) return refuse('BAD_REQUEST', { because: 'leave, if you want to go' })
  if (!memberOf(lobby, playerId)) return refuse('NOT_FOUND')
  const kicked = [...lobby.kicked, playerId].slice(-MAX_KICKED)
  return { ...without(lobby, [playerId]), code: newCode, kicked, activeAt: at }
}

/** A member's last connection is gone: keeps their place for the grace time. An absent member is not ready. */
export function drop(lobby: CustomLobby, playerId: PlayerId, at: EpochMs): CustomLobby {
  return withMember(lobby, playerId, { awayUntil: at + GRACE_MS, isReady: false })
}

export const comeBack = (lobby: CustomLobby, { id, name }: Player): CustomLobby =>
  withMember(lobby, id, { awayUntil: null, name })

/** The lobby's match is over: it is open again, and absent members have a full grace. */
export function reopen(lobby: CustomLobby, at: EpochMs): CustomLobby {
  const members = lobby.members.map((member) => ({ ...withFullGrace(member, at), isReady: false }))
  return { ...lobby, matchId: null, activeAt: at, members }
}

/** The lobby after a restart: no member is connected yet, and each has a full grace. */
export function restored(lobby: CustomLobby, at: EpochMs): CustomLobby {
  const members = lobby.members.map((member) => ({ ...member, awayUntil: at + GRACE_MS, isReady: false }))
  return { ...lobby, activeAt: at, members }
}

/** Adds an outage back to the grace of each absent member. */
export function addBack(lobby: CustomLobby, outageMs: number): CustomLobby {
  const members = lobby.members.map((member) =>
    member.awayUntil === null ? member : { ...member, awayUntil: member.awayUntil + outageMs },
  )
  return { ...lobby, members }
}

/** When the next grace ends, or null. During a match none ends. */
export function deadlineOf({ matchId, members }: CustomLobby): EpochMs | null {
  const ends = matchId === null ? members.flatMap(({ awayUntil }) => awayUntil ?? []) : []
  return ends.length > 0 ? Math.min(...ends) : null
}

/** Removes the members whose grace is over. */
export function pass(lobby: CustomLobby, now: EpochMs): CustomLobby {
  if (lobby.matchId !== null) return lobby
  const gone = lobby.members.filter(({ awayUntil }) => awayUntil !== null && awayUntil <= now)
  return without(
    lobby,
    gone.map(({ playerId }) => playerId),
  )
}

function withFullGrace<M extends { awayUntil: EpochMs | null }>(member: M, at: EpochMs): M {
  return member.awayUntil === null ? member : { ...member, awayUntil: at + GRACE_MS }
}

// The successor is the member who has been in longest; present members come before absent ones.
function without(lobby: CustomLobby, players: readonly PlayerId[]): CustomLobby {
  if (players.length === 0) return lobby
  const members = lobby.members.filter(({ playerId }) => !players.includes(playerId))
  const isHostIn = members.some(({ playerId }) => playerId === lobby.host)
  const successor = members.find(({ awayUntil }) => awayUntil === null) ?? members[0]
  return { ...lobby, members, host: isHostIn || !successor ? lobby.host : successor.playerId }
}
