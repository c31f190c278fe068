import type { Mode } from '../../../config/modes.ts'
import type { EpochMs } from '../../../ports.ts'
import type { LobbyId, MatchId, PlayerId } from '../../../protocol/ids.ts'
import { type Refusal, refuse } from '../../../protocol/reply.ts'

export interface Player {
  id: PlayerId
  name: string
}
export interface LobbyMember {
  readonly playerId: PlayerId
  readonly name: string
  /** Null in modes without teams. */
  readonly team: number | null
  readonly isReady: boolean
  readonly joinedAt: EpochMs
  /** Who has dropped keeps the place until then, and in a match until it is over; null for who is here. */
  readonly awayUntil: EpochMs | null
}
export type Visibility = 'public' | 'private'
export type Settings = Readonly<Record<string, unknown>>

/** Players who gather for a game: plain JSON, and all that is known of them. Members stand in the order they came. */
export interface CustomLobby {
  readonly id: LobbyId
  readonly code: string
  readonly mode: string
  readonly name: string
  readonly visibility: Visibility
  /** The password, sealed, or null. */
  readonly seal: string | null
  readonly capacity: number
  readonly teams: { readonly count: number; readonly size: number } | null
  readonly settings: Settings
  readonly isLocked: boolean
  readonly host: PlayerId
  readonly createdAt: EpochMs
  /** When a member last did something. */
  readonly activeAt: EpochMs
  readonly members: readonly LobbyMember[]
  /** Who may not come back. */
  readonly kicked: readonly PlayerId[]
  /** The match that its members play, if they do. */
  readonly matchId: MatchId | null
}
/** What whoever creates a lobby wants of it. */
export interface Wish {
  name: string
  visibility: Visibility
  capacity?: number | undefined
  settings?: Settings | undefined
}
interface Opening {
  id: LobbyId
  code: string
  mode: Mode
  wish: Wish
  seal: string | null
  host: Player
  at: EpochMs
}

export function openCustomLobby({ id, code, mode, wish, seal, host, at }: Opening): CustomLobby | Refusal {
  const { name, visibility, capacity = mode.maxSeats, settings = {} } = wish
  const unfit = unfitCapacity(capacity, mode)
  if (unfit) return unfit
  const teams = teamsIn(mode)
  const first = newMember(host, teams && 0, at)
  const about = { id, code, mode: mode.id, name, visibility, seal, capacity, teams, settings, isLocked: false }
  return { ...about, host: host.id, createdAt: at, activeAt: at, members: [first], kicked: [], matchId: null }
}

const teamsIn = ({ teamCount, maxSeats }: Mode): CustomLobby['teams'] =>
  teamCount === null ? null : { count: teamCount, size: maxSeats / teamCount }

/** The same members in another mode, dealt to its teams in the order they came. */
export function inMode(lobby: CustomLobby, mode: Mode): CustomLobby {
  const empty: CustomLobby = { ...lobby, mode: mode.id, teams: teamsIn(mode), members: [] }
  const deal = (dealt: CustomLobby, member: LobbyMember): CustomLobby => ({
    ...dealt,
    members: [...dealt.members, { ...member, team: smallestTeam(dealt) }],
  })
  return lobby.members.reduce(deal, empty)
}

/** Why a lobby of the mode cannot be for so many players, or null. */
export function unfitCapacity(capacity: number, { minSeats, maxSeats }: Mode): Refusal | null {
  if (capacity > maxSeats) return refuse('BAD_REQUEST', { because: `capacity: this mode has ${maxSeats} seats` })
  if (capacity >= minSeats) return null
  return refuse('BAD_REQUEST', { because: `capacity: this mode needs at least ${minSeats} players` })
}

export const newMember = ({ id, name }: Player, team: number | null, at: EpochMs): LobbyMember => ({
  playerId: id,
  name,
  team,
  isReady: false,
  joinedAt: at,
  awayUntil: null,
})

export const isRefusal = (outcome: object): outcome is Refusal => 'ok' in outcome

export const memberOf = (lobby: CustomLobby, player: PlayerId): LobbyMember | undefined =>
  lobby.members.find(({ playerId }) => playerId === player)

export const isAway = (lobby: CustomLobby, player: PlayerId): boolean =>
  (memberOf(lobby, player)?.awayUntil ?? null) !== null

export const isFull = ({ members, capacity }: CustomLobby): boolean => members.length >= capacity

/** The same lobby with one member changed. */
export const withMember = (lobby: CustomLobby, player: PlayerId, change: Partial<LobbyMember>): CustomLobby => ({
  ...lobby,
  members: lobby.members.map((member) => (member.playerId === player ? { ...member, ...change } : member)),
})

/** The team that has fewest members, or null in modes without teams. */
export function smallestTeam({ teams, members }: CustomLobby): number | null {
  if (!teams) return null
  const sizes = Array.from({ length: teams.count }, (_, team) => teamSize(members, team))
  return sizes.indexOf(Math.min(...sizes))
}

export const teamSize = (members: readonly LobbyMember[], team: number): number =>
  members.filter((member) => member.team === team).length
