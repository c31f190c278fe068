import type { MatchFact } from '../../protocol/match-view.ts'
import type { EventOf } from './machine-events.ts'
import type { Answered, Change, MatchContext } from './match-context.ts'
import { decideByRules } from './results.ts'
import { markActive } from './seating.ts'
import { seatOf } from './seats.ts'

// A client retries unanswered commands within seconds, so no seat has more of them under way than this.
const MAX_ANSWERED = 32

/** An action that was found to be legal. */
export function takeAction(
  context: MatchContext,
  { seat, action, step, answered, at }: EventOf<'action.taken'>,
): Change {
  const deadline = step?.game.deadline
  const fact: MatchFact = { type: 'action', seat, action, ...(deadline && { deadline }) }
  const decided = step?.over ? decideByRules(context, step.over) : { next: {}, facts: [] }
  return {
    next: {
      ...(step && { game: step.game }),
      ...(seat !== null && { seats: markActive(context.seats, seat, at) }),
      ...(seat !== null && answered && { answered: remembered(context.answered, seat, answered) }),
      ...decided.next,
    },
    facts: [fact, ...decided.facts],
  }
}

export const beginGame = (context: MatchContext, { step }: EventOf<'game.begun'>): Change => {
  const decided = step.over ? decideByRules(context, step.over) : { next: {}, facts: [] }
  return { next: { game: step.game, ...decided.next }, facts: decided.facts }
}

export function setProperty(context: MatchContext, { key, slot, property, at }: EventOf<'property.set'>): Change {
  const { seat, value, version } = property
  return {
    next: {
      properties: { ...context.properties, [slot]: property },
      seats: markActive(context.seats, seat, at),
    },
    facts: [{ type: 'property.set', seat, key, value, version }],
  }
}

export function answerRematch(context: MatchContext, { seat, accept }: EventOf<'rematch.answered'>): Change {
  const accepted = (context.rematch?.accepted ?? []).filter((one) => one !== seat)
  if (accept) accepted.push(seat)
  return { next: { rematch: { accepted, matchId: null } }, facts: [{ type: 'rematch.asked', seat, accept }] }
}

/** The rematch is agreed only after the next match is stored. */
export function agreeRematch({ rematch }: MatchContext, { matchId }: EventOf<'rematch.opened'>): Change {
  return {
    next: { rematch: { accepted: rematch?.accepted ?? [], matchId } },
    facts: [{ type: 'rematch.agreed', matchId, nextMatchId: matchId }],
  }
}

export function letSpectatorIn({ spectators }: MatchContext, { playerId, name }: EventOf<'spectator.joined'>): Change {
  if (spectators.some((one) => one.playerId === playerId)) return { next: {}, facts: [] }
  return {
    next: { spectators: [...spectators, { playerId, name }] },
    facts: [{ type: 'spectator.joined', playerId, name }],
  }
}

export function letSpectatorOut({ spectators }: MatchContext, { playerId }: EventOf<'spectator.left'>): Change {
  if (!spectators.some((one) => one.playerId === playerId)) return { next: {}, facts: [] }
  return {
    next: { spectators: spectators.filter((one) => one.playerId !== playerId) },
    facts: [{ type: 'spectator.left', playerId }],
  }
}

/** It also applies to later spectators, and after the lobby is gone. */
export function sendOutsidersAway(
  { origin, spectators }: MatchContext,
  { isPrivate, outsiders }: EventOf<'lobby.changed'>,
): Change {
  return {
    next: {
      ...(origin.by === 'lobby' && { origin: { ...origin, isPrivate } }),
      spectators: spectators.filter(({ playerId }) => !outsiders.includes(playerId)),
    },
    facts: outsiders.map((playerId) => ({ type: 'spectator.left', playerId, why: 'private' })),
  }
}

export function acceptProposal(
  { seats, accepted }: MatchContext,
  { playerId }: EventOf<'player.accepted' | 'player.declined'>,
): Change {
  const seat = seatOf(seats, playerId)
  if (!seat || accepted.includes(seat.seat)) return { next: {}, facts: [] }
  return { next: { accepted: [...accepted, seat.seat] }, facts: [] }
}

const remembered = (all: MatchContext['answered'], seat: number, answered: Answered): MatchContext['answered'] => ({
  ...all,
  [seat]: [...(all[seat] ?? []), answered].slice(-MAX_ANSWERED),
})
