import type { EpochMs } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { Action, Claim } from '../../protocol/match-view.ts'
import type { Gap } from '../../util/outage.ts'
import type { GameStep } from './game.ts'
import type { Answered, Property } from './match-context.ts'
import type { SeatedPlayer } from './seats.ts'

/** An event of the match machine, with its instant. The runtime makes them; clients cannot send one. */
export type MachineEvent = { at: EpochMs } & (
  | { type: 'player.accepted' | 'player.declined'; playerId: PlayerId }
  | { type: 'player.joined' | 'player.dropped' | 'player.quit'; playerId: PlayerId }
  | { type: 'seat.offered'; player: SeatedPlayer }
  | { type: 'spectator.joined'; playerId: PlayerId; name: string }
  | { type: 'spectator.left'; playerId: PlayerId }
  /** The match's lobby became private or public; `outsiders` are the spectators who may no longer watch. */
  | { type: 'lobby.changed'; isPrivate: boolean; outsiders: readonly PlayerId[] }
  | { type: 'player.readied' | 'player.paused' | 'player.resumed'; seat: number }
  | { type: 'game.begun'; step: GameStep }
  /** `seat` is null when the rules act for a turn that ran out. */
  | { type: 'action.taken'; seat: number | null; action: Action; step?: GameStep; answered?: Answered }
  /** `slot` is where the property is kept, `key` what players call it. */
  | { type: 'property.set'; key: string; slot: string; property: Property }
  | { type: 'result.claimed'; seat: number; claim: Claim }
  | { type: 'rematch.answered'; seat: number; accept: boolean }
  | { type: 'rematch.opened'; matchId: MatchId }
  /** `heard`: when each seat last sent a message on the relay lane. */
  | { type: 'deadline.passed'; heard: Record<number, EpochMs> }
  /** `lastBeat`: the last recorded sign of life. */
  | ({ type: 'service.restored'; lastBeat?: EpochMs | null } & Gap)
  /** The process kept running but could not serve anybody for `outageMs`. */
  | { type: 'service.stalled'; outageMs: number }
  | { type: 'match.faulted' }
  | { type: 'operator.ended' }
)
export type EventOf<Type extends MachineEvent['type']> = Extract<MachineEvent, { type: Type }>
