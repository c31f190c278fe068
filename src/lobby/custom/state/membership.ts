import type { EpochMs } from '../../../ports.ts'
import type { LobbyId, PlayerId } from '../../../protocol/ids.ts'
import { type Refusal, refuse } from '../../../protocol/reply.ts'
import { type CustomLobby, isFull, memberOf, newMember, type Player, smallestTeam, withMember } from './custom-lobby.ts'

/** How long a member who dropped keeps the place, and a host the role. */
export const GRACE_MS = 30_000
// More than anyone sends away by hand; the oldest are forgotten past it.
const MAX_KICKED = 500

/** By what a player knows a lobby. */
export type Key = { lobbyId: LobbyId } | { code: string }
export interface Entrant {
  player: Player
  key: Key
  /** The seal that the given password has opened, or null. */
  opened: string | null
  /** Whether the host has blocked the player. */
  isBlocked: boolean
  at: EpochMs
}

/** Lets a player in. Whoever is in already stays as they are. */
export function enter(lobby: CustomLobby, { player, key, opened, isBlocked, at }: Entrant): CustomLobby | Refusal {
  if (memberOf(lobby, player.id)) return lobby
  // Whom the host has blocked finds what nobody finds.
  if (isBlocked) return unknown(key)
  // The code may have changed since it was looked up, and so may who can see the lobby.
  if ('code' in key && key.code !== lobby.code) return unknown(key)
  if ('lobbyId' in key && lobby.visibility === 'private') return unknown(key)
  if (lobby.kicked.includes(player.id)) return refuse('FORBIDDEN', { because: 'the host has sent you away' })
  if (lobby.isLocked) return refuse('LOBBY_LOCKED')
  if (lobby.seal !== null && opened !== lobby.seal) return refuse('WRONG_PASSWORD')
  if (isFull(lobby)) return refuse('LOBBY_FULL')
  return { ...lobby, activeAt: at, members: [...lobby.members, newMember(player, smallestTeam(lobby), at)] }
}

/** What is said to whoever names a lobby that is not there, or not for them. */
export const unknown = (key: Key): Refusal => refuse('code' in key ? 'INVITE_INVALID' : 'NOT_FOUND')

/** Without a member; with nobody in it the lobby is over. */
export function leave(lobby: CustomLobby, playerId: PlayerId, at: EpochMs): CustomLobby {
  return { ...without(lobby, [playerId]), activeAt: at }
}

/** Sends a member away, who cannot come back, not by the new code either. */
export function kick(lobby: CustomLobby, playerId: PlayerId, newCode: string, at: EpochMs): CustomLobby | Refusal {
  if (playerId === lobby.host) return refuse('BAD_REQUEST', { because: 'leave, if you want to go' })
  if (!memberOf(lobby, playerId)) return refuse('NOT_FOUND')
  const kicked = [...lobby.kicked, playerId].slice(-MAX_KICKED)
  return { ...without(lobby, [playerId]), code: newCode, kicked, activeAt: at }
}

/** The last connection of a member is gone; the place is kept, and who is not here is not ready. */
export function drop(lobby: CustomLobby, playerId: PlayerId, at: EpochMs): CustomLobby {
  return withMember(lobby, playerId, { awayUntil: at + GRACE_MS, isReady: false })
}

export const comeBack = (lobby: CustomLobby, { id, name }: Player): CustomLobby =>
  withMember(lobby, id, { awayUntil: null, name })

/** The match of the lobby is over: it is open again, for whoever is here or comes back in time. */
export function reopen(lobby: CustomLobby, at: EpochMs): CustomLobby {
  const members = lobby.members.map((member) => ({ ...withFullGrace(member, at), isReady: false }))
  return { ...lobby, matchId: null, activeAt: at, members }
}

/** As it is after the service was away: nobody is connected yet, and nobody's fault is it. */
export function restored(lobby: CustomLobby, at: EpochMs): CustomLobby {
  const members = lobby.members.map((member) => ({ ...member, awayUntil: at + GRACE_MS, isReady: false }))
  return { ...lobby, activeAt: at, members }
}

/** The service served nobody for so long: nobody's grace has become shorter. */
export function addBack(lobby: CustomLobby, outageMs: number): CustomLobby {
  const members = lobby.members.map((member) =>
    member.awayUntil === null ? member : { ...member, awayUntil: member.awayUntil + outageMs },
  )
  return { ...lobby, members }
}

/** When the next of those who are away has been so for too long, or null; a match keeps all places. */
export function deadlineOf({ matchId, members }: CustomLobby): EpochMs | null {
  const ends = matchId === null ? members.flatMap(({ awayUntil }) => awayUntil ?? []) : []
  return ends.length > 0 ? Math.min(...ends) : null
}

/** What time has made of the lobby: without those who stayed away. */
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

// The successor is who has been in longest; someone who is here can lead, so they go before those who are away.
function without(lobby: CustomLobby, players: readonly PlayerId[]): CustomLobby {
  if (players.length === 0) return lobby
  const members = lobby.members.filter(({ playerId }) => !players.includes(playerId))
  const isHostIn = members.some(({ playerId }) => playerId === lobby.host)
  const successor = members.find(({ awayUntil }) => awayUntil === null) ?? members[0]
  return { ...lobby, members, host: isHostIn || !successor ? lobby.host : successor.playerId }
}
