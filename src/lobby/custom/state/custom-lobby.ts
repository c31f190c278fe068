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
  /** Until when an absent member's place is kept, and in a match until it is over; null while present. */
  readonly awayUntil: EpochMs | null
}
export type Visibility = 'public' | 'private'
export type Settings = Readonly<Record<string, unknown>>

/** A custom lobby as plain JSON. Members are in the order in which they joined. */
export interface CustomLobby {
  readonly id: LobbyId
  readonly code: string
  readonly mode: string
  readonly name: string
  readonly visibility: Visibility
  /** The password hash, or null. */
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
  /** Players who may not join again. */
  readonly kicked: readonly PlayerId[]
  /** The match that its members play, or null. */
  readonly matchId: MatchId | null
}
/** The settings in `lobby:create`. */
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

/** The lobby in another mode; its members are dealt to the teams in order. */
export function inMode(lobby: CustomLobby, mode: Mode): CustomLobby {
  const empty: CustomLobby = { ...lobby, mode: mode.id, teams: teamsIn(mode), members: [] }
  const deal = (dealt: CustomLobby, member: LobbyMember): CustomLobby => ({
    ...dealt,
    members: [...dealt.members, { ...member, team: smallestTeam(dealt) }],
  })
  return lobby.members.reduce(deal, empty)
}

/** The refusal of a capacity that does not fit the mode, or null. */
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

/** The smallest team, or null in modes without teams. */
export function smallestTeam({ teams, members }: CustomLobby): number | null {
  if (!teams) return null
  const sizes = Array.from({ length: teams.count }, (_, team) => teamSize(members, team))
  return sizes.indexOf(Math.min(...sizes))
}

export const teamSize = (members: readonly LobbyMember[], team: number): number =>
  members.filter((member) => member.team === team).length
