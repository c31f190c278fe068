import type { EpochMs } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { Action, Claim } from '../../protocol/match-view.ts'
import type { Gap } from '../../util/outage.ts'
import type { GameStep } from './game.ts'
import type { Answered, Property } from './match-context.ts'
import type { SeatedPlayer } from './seats.ts'

/** What can happen to a match, each at its instant. Made by the runtime; no client ever names one. */
export type MatchHappening = { at: EpochMs } & (
  | { type: 'player.accepted' | 'player.declined'; playerId: PlayerId }
  | { type: 'player.joined' | 'player.dropped' | 'player.quit'; playerId: PlayerId }
  | { type: 'seat.offered'; player: SeatedPlayer }
  | { type: 'spectator.joined'; playerId: PlayerId; name: string }
  | { type: 'spectator.left'; playerId: PlayerId }
  /** The lobby that plays it is private or public by now, and not for these who look on. */
  | { type: 'lobby.changed'; isPrivate: boolean; outsiders: readonly PlayerId[] }
  | { type: 'player.readied' | 'player.paused' | 'player.resumed'; seat: number }
  | { type: 'game.begun'; step: GameStep }
  /** `seat` null: the rules themselves, for a turn that ran out. */
  | { type: 'action.taken'; seat: number | null; action: Action; step?: GameStep; answered?: Answered }
  /** `slot` is where the property is kept, `key` what players call it. */
  | { type: 'property.set'; key: string; slot: string; property: Property }
  | { type: 'result.claimed'; seat: number; claim: Claim }
  | { type: 'rematch.answered'; seat: number; accept: boolean }
  | { type: 'rematch.opened'; matchId: MatchId }
  /** `heard`: when each seat last sent a message on the relay lane. */
  | { type: 'deadline.passed'; heard: Record<number, EpochMs> }
  /** `lastBeat`: the last sign of life on record by then. */
  | ({ type: 'service.restored'; lastBeat?: EpochMs | null } & Gap)
  /** The process lived on, and could serve nobody for so long. */
  | { type: 'service.stalled'; outageMs: number }
  | { type: 'match.faulted' }
  | { type: 'operator.ended' }
)
export type HappeningOf<Type extends MatchHappening['type']> = Extract<MatchHappening, { type: Type }>
