import type { Answered } from '../../machines/match/match-context.ts'
import { type MatchSnapshot, playOf, type Referee } from '../../machines/match/match-step.ts'
import { slotOf, type Visibilities, visibilityIn } from '../../machines/match/match-view.ts'
import { hasNoPauseLeft, pauseGapLeftMs, pauseLeftMs } from '../../machines/match/pausing.ts'
import { faultOfClaim } from '../../machines/match/results.ts'
import { isPresent, type Seat } from '../../machines/match/seats.ts'
import type { PayloadOf } from '../../protocol/declare.ts'
import type { match } from '../../protocol/events/match.ts'
import { canonicalJson } from '../../protocol/json.ts'
import type { Claim } from '../../protocol/match-view.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'
import { digestOf } from '../../util/random.ts'
import type { Event } from '../runtime/draft.ts'
import type { Turn } from '../runtime/match-runtime.ts'

type Requests = typeof match.requests
type Act = PayloadOf<Requests['match:act']>
type SetProperty = PayloadOf<Requests['match:set']>

/** The settings of a mode for commands. */
export interface CommandRules {
  referee: Referee | null
  properties: { maxCount: number; maxBytes: number; visibility: Visibilities }
}

// Types with dots are reserved for the facts of the log.
const ACTION_TYPE = /^[A-Za-z][\w-]{0,63}$/

/** A legal action and its reply. */
export interface CheckedAct {
  /** Null when the command is a repetition. */
  event: Event | null
  answer: { seq: number; game?: unknown }
}

/** Checks an action: returns its event and reply, or the refusal. */
export function checkAct(turn: Turn, seat: Seat, act: Act, { referee }: CommandRules): CheckedAct | Refusal {
  const { snapshot, position, now } = turn
  const { context, state } = snapshot
  const before = (context.answered[seat.seat] ?? []).find(({ id }) => id === act.id)
  if (before)
    return isSameAct(before, act)
      ? { event: null, answer: answerAgain(turn, seat, before, referee) }
      : refuse('ID_REUSED')
  const untimely = untimelyPlay(state)
  if (untimely) return untimely
  if (act.ifSeq !== undefined && act.ifSeq !== position.seq) return refuse('STALE_STATE')
  if (!ACTION_TYPE.test(act.type)) return refuse('ILLEGAL_ACTION')
  const action = act.data === undefined ? { type: act.type } : { type: act.type, data: act.data }
  const seq = position.seq + 1
  const answered =
    act.id === undefined ? {} : { answered: { id: act.id, asked: digestOf(canonicalJson(said(act))), seq } }
  const taken = { type: 'action.taken' as const, seat: seat.seat, action, ...answered }
  if (!referee || !context.game) return { event: taken, answer: { seq } }
  const play = playOf(snapshot, referee)
  const step = play.act(context.game, { ...action, seat: seat.seat }, now)
  if ('refuse' in step) return refuse(step.refuse, step.message ? { because: step.message } : {})
  return { event: { ...taken, step }, answer: { seq, game: play.views(step.game, [seat.seat], now).get(seat.seat) } }
}

const said = ({ type, data }: Act) => [type, data ?? null]

// Older versions remembered the text as it was sent.
const isSameAct = ({ asked }: Answered, act: Act): boolean =>
  [canonicalJson, JSON.stringify].some((textOf) => digestOf(textOf(said(act))) === asked)

// The reply to a repeated command has the current game: keeping every view would make each step as large as all of
// them.
function answerAgain(
  { snapshot, now }: Turn,
  { seat }: Seat,
  { seq }: Answered,
  referee: Referee | null,
): CheckedAct['answer'] {
  const { game } = snapshot.context
  return referee && game ? { seq, game: playOf(snapshot, referee).views(game, [seat], now).get(seat) } : { seq }
}

function untimelyPlay(state: MatchSnapshot['state']): Refusal | null {
  if (state === 'playing') return null
  if (state === 'paused') return refuse('PAUSED')
  return isOver(state) || state === 'settling'
    ? refuse('MATCH_ENDED')
    : refuse('ILLEGAL_ACTION', { because: 'play has not begun' })
}

const isOver = (state: MatchSnapshot['state']): boolean => state === 'ended' || state === 'closed'

/** Checks a property: who may set it, when, and how many there may be. */
export function checkSet(
  { snapshot }: Turn,
  { seat }: Seat,
  { key, value, ifVersion }: SetProperty,
  { properties }: CommandRules,
): Event | Refusal {
  const { context, state } = snapshot
  if (value === undefined) return refuse('BAD_REQUEST', { because: 'value is missing' })
  if (isOver(state)) return refuse('MATCH_ENDED')
  const visibility = visibilityIn(context.properties, key, properties.visibility)
  const slot = slotOf(key, seat, visibility)
  const known = Object.hasOwn(context.properties, slot) ? context.properties[slot] : undefined
  if (ifVersion !== undefined && ifVersion !== (known?.version ?? 0)) return refuse('STALE_STATE')
  if (JSON.stringify(value).length > properties.maxBytes) return refuse('TOO_LARGE')
  if (!known && Object.keys(context.properties).length >= properties.maxCount)
    return refuse('TOO_LARGE', { because: 'there are too many properties' })
  return { type: 'property.set', key, slot, property: { value, version: (known?.version ?? 0) + 1, seat, visibility } }
}

export function checkReady({ snapshot }: Turn, { seat }: Seat): Event | Refusal {
  return snapshot.state === 'countdown' ? { type: 'player.readied', seat } : refuse('ILLEGAL_ACTION')
}

export function checkPause({ snapshot, now }: Turn, { seat }: Seat): Event | Refusal {
  const { state, context } = snapshot
  if (state === 'paused') return refuse('PAUSED')
  if (state !== 'playing') return refuse('ILLEGAL_ACTION', { because: 'only play can be paused' })
  if (pauseLeftMs(context, seat) === 0) return refuse('FORBIDDEN', { because: 'you have no pause time left' })
  if (hasNoPauseLeft(context, seat))
    return refuse('FORBIDDEN', { because: `you have paused ${context.mode.pauseCount} times` })
  const retryAfterMs = pauseGapLeftMs(context, seat, now)
  if (retryAfterMs > 0) return refuse('RATE_LIMITED', { because: 'play on for a while first', retryAfterMs })
  return { type: 'player.paused', seat }
}

export function checkResume({ snapshot }: Turn, { seat }: Seat): Event | Refusal {
  const { state, context } = snapshot
  if (state !== 'paused') return refuse('ILLEGAL_ACTION', { because: 'the match is not paused' })
  if (context.pause?.seat !== seat) return refuse('FORBIDDEN', { because: 'somebody else asked for this pause' })
  return { type: 'player.resumed', seat }
}

export function checkFinish({ snapshot }: Turn, { seat }: Seat, claim: Claim): Event | Refusal {
  const { state, context } = snapshot
  if (context.mode.hasRules) return refuse('FORBIDDEN', { because: 'the rules decide this match' })
  const fault = faultOfClaim(context, claim)
  if (fault) return refuse('BAD_REQUEST', { because: fault })
  if (state === 'settling') return { type: 'result.claimed', seat, claim }
  return untimelyPlay(state) ?? { type: 'result.claimed', seat, claim }
}

/**
 * Checks an answer to a rematch; all players must be present. `isFree`: whether the player could play another match
 * now.
 */
export function checkRematch(
  { snapshot }: Turn,
  { seat }: Seat,
  accept: boolean,
  isFree: (seat: Seat) => boolean,
): Event | Refusal {
  const { state, context } = snapshot
  if (state !== 'ended') return refuse('ILLEGAL_ACTION', { because: 'the match is not over' })
  if (context.rematch?.matchId) return refuse('TOO_LATE')
  if (accept && !context.seats.every(isPresent)) return refuse('TOO_LATE', { because: 'somebody has left' })
  const busy = accept && context.seats.find((one) => !isFree(one))
  if (busy) {
    const who = busy.seat === seat ? 'you are' : `${busy.name} is`
    return refuse('TOO_LATE', { because: `${who} queued, or in another match` })
  }
  return { type: 'rematch.answered', seat, accept }
}
