import type { Mode } from '../../../config/modes.ts'
import type { EpochMs } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import { type Refusal, refuse } from '../../../protocol/reply.ts'
import {
  type CustomLobby,
  inMode,
  type LobbyMember,
  memberOf,
  type Settings,
  teamSize,
  unfitCapacity,
  type Visibility,
  withMember,
} from './custom-lobby.ts'

/** The settings that the host may change. */
export interface Update {
  name?: string | undefined
  visibility?: Visibility | undefined
  /** The password hash, or null for none. */
  seal?: string | null | undefined
  settings?: Settings | undefined
  isLocked?: boolean | undefined
  capacity?: number | undefined
}

export const setReady = (lobby: CustomLobby, playerId: PlayerId, isReady: boolean, at: EpochMs): CustomLobby => ({
  ...withMember(lobby, playerId, { isReady }),
  activeAt: at,
})

export function moveToTeam(lobby: CustomLobby, playerId: PlayerId, team: number, at: EpochMs): CustomLobby | Refusal {
  if (!lobby.teams) return refuse('BAD_REQUEST', { because: 'this mode has no teams' })
  if (team >= lobby.teams.count) return refuse('BAD_REQUEST', { because: `there are ${lobby.teams.count} teams` })
  const others = lobby.members.filter((member) => member.playerId !== playerId)
  if (teamSize(others, team) >= lobby.teams.size) return refuse('LOBBY_FULL', { because: 'this team is full' })
  if (memberOf(lobby, playerId)?.team === team) return { ...lobby, activeAt: at }
  return asking({ ...withMember(lobby, playerId, { team }), activeAt: at })
}

/** Applies the host's changes; `mode` is the present mode, or the new one. */
export function update(lobby: CustomLobby, mode: Mode, changes: Update, at: EpochMs): CustomLobby | Refusal {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const isOtherMode = mode.id !== lobby.mode
  if (isOtherMode && lobby.matchId !== null) return refuse('ALREADY_IN_MATCH', { because: IN_MATCH })
  const base = isOtherMode ? { ...inMode(lobby, mode), capacity: mode.maxSeats } : lobby
  const next: CustomLobby = { ...base, ...given, activeAt: at }
  const present = lobby.members.length
  const refusal = next.capacity === lobby.capacity ? null : unfitCapacity(next.capacity, mode)
  if (refusal) return refusal
  if (next.capacity < present) return refuse('BAD_REQUEST', { because: `capacity: ${present} players are here` })
  const isSameGame =
    !isOtherMode && next.capacity === lobby.capacity && asText(next.settings) === asText(lobby.settings)
  return isSameGame ? next : asking(next)
}

const IN_MATCH = 'the match of this lobby goes on'

const asText = (settings: Settings): string => JSON.stringify(settings)

/** The game has changed: nobody is ready any more. */
const asking = (lobby: CustomLobby): CustomLobby => ({
  ...lobby,
  members: lobby.members.map((member) => ({ ...member, isReady: false })),
})

export function promote(lobby: CustomLobby, playerId: PlayerId, at: EpochMs): CustomLobby | Refusal {
  const member = memberOf(lobby, playerId)
  if (!member) return refuse('NOT_FOUND')
  if (member.awayUntil !== null) return refuse('FORBIDDEN', { says: isAwayNow(member.name) })
  return { ...lobby, host: playerId, activeAt: at }
}

/** The members in the order of their seats, or why the lobby cannot start. */
export function seating(lobby: CustomLobby, mode: Mode): LobbyMember[] | Refusal {
  const { members, host, matchId } = lobby
  if (matchId !== null) return refuse('ALREADY_IN_MATCH', { because: IN_MATCH })
  const missing = mode.minSeats - members.length
  if (missing > 0)
    return refuse('NOT_READY', {
      says: `Too few players: this mode needs ${mode.minSeats}, ${missing} more must join first.`,
    })
  const perTeam = mode.minSeats / (lobby.teams?.count ?? mode.minSeats)
  if (smallestTeamSize(lobby) < perTeam)
    return refuse('NOT_READY', { says: `Each team needs ${perTeam} players. Move somebody to a smaller team.` })
  const away = members.filter(({ awayUntil }) => awayUntil !== null)
  if (away.length > 0) return refuse('NOT_READY', { says: notHere(away) })
  const hesitant = members.filter(({ isReady, playerId }) => !isReady && playerId !== host)
  if (hesitant.length > 0) return refuse('NOT_READY', { because: `not ready: ${namesOf(hesitant)}` })
  return inSeatOrder(members)
}

/** The message for a host who tries to start while members are absent. */
export const notHere = (members: readonly LobbyMember[]): string =>
  `Not everyone is here: ${namesOf(members)}. Wait for them.`

/** The message for a host who tries to promote an absent member. */
export const isAwayNow = (name: string): string => `${name} is not connected right now. Choose somebody who is.`

const smallestTeamSize = ({ teams, members }: CustomLobby): number =>
  Math.min(...Array.from({ length: teams?.count ?? 0 }, (_, team) => teamSize(members, team)))

/** For a refusal: a few names, so that the message stays short. */
export function namesOf(members: readonly { name: string }[]): string {
  const names = members.slice(0, 3).map(({ name }) => name)
  return members.length > 3 ? `${names.join(', ')} and ${members.length - 3} more` : names.join(', ')
}

// Seats go round the teams, as they do in matches that the queue makes.
function inSeatOrder(members: readonly LobbyMember[]): LobbyMember[] {
  const seen = new Map<number | null, number>()
  const ranked = members.map((member) => {
    const rank = seen.get(member.team) ?? 0
    seen.set(member.team, rank + 1)
    return { member, rank }
  })
  return ranked
    .sort((a, b) => (a.member.team === null ? 0 : a.rank - b.rank || (a.member.team ?? 0) - (b.member.team ?? 0)))
    .map(({ member }) => member)
}
