import { type Mode, teamOf } from '../../config/modes.ts'
import type { EpochMs } from '../../ports.ts'
import type { LobbyId, MatchId, PlayerId } from '../../protocol/ids.ts'
import type { Claim, Deadline, MatchFact, Outcome, Result, Unrated } from '../../protocol/match-view.ts'
import type { Game } from './game.ts'
import { isInMatch, isPresent, isTaken, reserve, type Seat, type SeatedPlayer } from './seats.ts'

const TERMS = [
  'id',
  'rated',
  'ratedPerPairPerDay',
  'endWhen',
  'minSeats',
  'readyCheckMs',
  'joinMs',
  'countdownMs',
  'graceMs',
  'idleMs',
  'pauseMs',
  'pauseCount',
  'pauseGapMs',
  'settleMs',
  'maxMs',
  'rematchMs',
  'spectators',
  'lateJoin',
  'maxSeats',
  'teamCount',
] as const satisfies readonly (keyof Mode)[]

/** The part of the mode that a match keeps, so that a change of the config never changes a running match. */
export type MatchMode = Pick<Mode, (typeof TERMS)[number]> & { hasRules: boolean }

/** The origin of a match. It sets the terms of the match and of its rematches. */
export type Origin = { by: 'queue' | 'backend' } | { by: 'lobby'; lobbyId: LobbyId; isPrivate: boolean }

/** A shared value. A value that belongs to one seat is kept under `key` and seat. */
export interface Property {
  value: unknown
  version: number
  /** The seat that set it last. */
  seat: number
  /**
   * As configured when the property was first set; a later change of the config does not apply. Properties set by older
   * versions follow the config.
   */
  visibility?: Visibility
}
/** Who may see a property: spectators too, those with a seat, or the seat that set it. */
export type Visibility = 'public' | 'members' | 'own'
/** A command that was carried out, kept to recognize a retry. */
export interface Answered {
  id: string
  /** A digest of the request, to tell a retry from another request with the same id. */
  asked: string
  seq: number
}

export interface MatchContext {
  matchId: MatchId
  mode: MatchMode
  origin: Origin
  /** The match of which this is the rematch, or null. */
  rematchOf: MatchId | null
  /** Why the result of a rated mode does not count this time, or null. */
  unrated: Unrated | null
  seats: Seat[]
  spectators: { playerId: PlayerId; name: string }[]
  host: number | null
  deadline: Deadline | null
  outcome: Outcome | null
  /** Seats that accepted the proposed match. */
  accepted: number[]
  /** Seats that want the countdown to be over. */
  ready: number[]
  game: Game | null
  properties: Record<string, Property>
  pause: { seat: number; since: EpochMs; endBy: Deadline } | null
  /** Pause time used up so far, by seat, in ms. */
  paused: Record<number, number>
  /** Pauses so far, by seat: their number, and the playing time that was left after the last one. */
  pauses: Record<number, { count: number; playLeftMs: number }>
  /** How long settling was delayed so far for players who were away, in ms. */
  overtimeMs: number
  /** Claims by seat. A claim can be large, so a seat that claims the same refers to the seat that claimed first. */
  claims: Record<number, Claim | { as: number }>
  result: Result | null
  rematch: { accepted: number[]; matchId: MatchId | null } | null
  /** Set after a restart until all players are back: no result is decided without them. */
  isAwaitingReturn: boolean
  /**
   * The instant of the last restore, and the last sign of life on record then; the process may have ended before it
   * recorded one of its own.
   */
  restored?: { at: EpochMs; lastBeat: EpochMs | null }
  /** The last commands of each seat, oldest first. */
  answered: Record<number, Answered[]>
}

/** The origin of the match, by default the queue, and the match of which it is the rematch. */
export interface MadeBy {
  origin?: Origin
  rematchOf?: MatchId
}
/** Seats are assigned in the order of the players. */
export interface MatchInput extends MadeBy {
  matchId: MatchId
  /** From the config, or from the match of which this is the rematch. */
  mode: Mode | MatchMode
  players: readonly SeatedPlayer[]
  at: EpochMs
}
/** The effect of an event: the fields that change, and the facts for the log. */
export interface Change {
  next: Partial<MatchContext>
  facts: MatchFact[]
}

const QUEUE: Origin = { by: 'queue' }

export function openingContext({ matchId, mode, origin = QUEUE, rematchOf, players, at }: MatchInput): MatchContext {
  return {
    matchId,
    mode: termsOf(mode),
    origin,
    rematchOf: rematchOf ?? null,
    unrated: null,
    seats: players.map((player, seat) => reserve({ ...player, seat, team: player.team ?? teamOf(mode, seat) })),
    spectators: [],
    host: null,
    deadline:
      mode.readyCheckMs > 0
        ? { name: 'acceptBy', at: at + mode.readyCheckMs }
        : { name: 'joinBy', at: at + mode.joinMs },
    outcome: null,
    accepted: [],
    ready: [],
    game: null,
    properties: {},
    pause: null,
    paused: {},
    pauses: {},
    overtimeMs: 0,
    claims: {},
    result: null,
    rematch: null,
    isAwaitingReturn: false,
    answered: {},
  }
}

/** The part of the mode that a new match keeps. */
const termsOf = (mode: Mode | MatchMode): MatchMode => ({
  ...(Object.fromEntries(TERMS.map((key) => [key, mode[key]])) as Pick<Mode, (typeof TERMS)[number]>),
  hasRules: 'hasRules' in mode ? mode.hasRules : mode.rules !== undefined,
})

export const tooFewRemain = ({ seats, mode }: MatchContext): boolean => seats.filter(isTaken).length < mode.minSeats

/** Whether these seats are all among the numbers, each of which is there once; asked at every step of a large match. */
export const areAllAmong = (seats: readonly Seat[], numbers: readonly number[]): boolean =>
  seats.length <= numbers.length && isEachAmong(seats, new Set(numbers))

const isEachAmong = (seats: readonly Seat[], numbers: ReadonlySet<number>): boolean =>
  seats.every(({ seat }) => numbers.has(seat))

/** Whether all players of an ended match are present and want a rematch. */
export const isRematchWanted = ({ seats, rematch }: MatchContext): boolean =>
  rematch !== null && rematch.matchId === null && areAllAmong(seats, rematch.accepted) && seats.every(isPresent)

/** Whether another player may join the running match. */
export const hasRoom = ({ seats, mode }: MatchContext): boolean =>
  mode.lateJoin && seats.filter(isTaken).length < mode.maxSeats

export const everyoneIsHere = ({ seats }: MatchContext): boolean =>
  seats.every((seat) => isPresent(seat) || !isTaken(seat))

export const nobodyRemains = ({ seats }: MatchContext): boolean => !seats.some(isInMatch)

export const nobodyIsConnected = ({ seats, spectators }: MatchContext): boolean =>
  !seats.some(isPresent) && spectators.length === 0

/** Whether only one team has players left, in a mode in which that ends the match. */
export function isWonByForfeit({ seats, mode }: MatchContext): boolean {
  if (mode.endWhen !== 'oneTeamLeft') return false
  const remaining = new Set(seats.filter(isTaken).map(({ team }) => team))
  // A late joiner who never came was no opponent.
  const opponents = mode.lateJoin ? seats.filter(hasComeOrMay) : seats
  return remaining.size === 1 && new Set(opponents.map(({ team }) => team)).size > 1
}
const hasComeOrMay = (seat: Seat): boolean => seat.status !== 'left' || seat.why !== 'noShow'
