import { isRematchWanted, type MadeBy, type MatchMode } from '../../machines/match/match-context.ts'
import type { MatchSnapshot } from '../../machines/match/match-step.ts'
import type { OpenedMatch } from '../../machines/match/seat-news.ts'
import { type Seat, type SeatedPlayer, seatOf } from '../../machines/match/seats.ts'
import type { Log } from '../../ports.ts'
import type { AnswerOf, PayloadOf } from '../../protocol/declare.ts'
import type { match } from '../../protocol/events/match.ts'
import type { MatchId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { ModeRules } from '../mode-rules.ts'
import type { MatchNews, Seats } from '../ports.ts'
import { type MatchRegistry, type Member, memberSeat } from '../registry.ts'
import type { Event } from '../runtime/draft.ts'
import type { MatchRuntime, Turn } from '../runtime/match-runtime.ts'
import type { Ask } from './ask.ts'
import * as check from './checks.ts'

type Requests = typeof match.requests
type Payload<E extends keyof Requests> = PayloadOf<Requests[E]>
type Answer<E extends keyof Requests> = Promise<AnswerOf<Requests[E]> | Refusal>
type Check = (turn: Turn, seat: Seat, rules: check.CommandRules) => Event | Refusal | null

interface CommandsParts {
  registry: MatchRegistry
  modeRules: ModeRules
  ask: Ask
  open: (mode: MatchMode, players: readonly SeatedPlayer[], by: MadeBy) => Promise<OpenedMatch | null>
  news: Pick<MatchNews, 'rematched'>
  log: Log
  seats: Pick<Seats, 'isFree'>
}

/** Commands of seated players: checked, stored, then answered. */
export function createCommands({ registry, modeRules, ask, open, seats: index, news, log }: CommandsParts) {
  async function fromSeat<T extends object>(
    { matchId, playerId }: Member,
    decide: Check,
    answer: (snapshot: MatchSnapshot, runtime: MatchRuntime) => T,
  ): Promise<Accepted<T> | Refusal> {
    const runtime = registry.get(matchId)
    if (!runtime) return refuse('NOT_IN_MATCH')
    let reply: Accepted<T> | Refusal = refuse('MATCH_ENDED')
    const inTurn = (turn: Turn) => {
      const seat = memberSeat(turn, playerId)
      return seat
        ? decide(turn, seat, modeRules.rulesOf(turn.snapshot))
        : refuse('FORBIDDEN', { because: 'you have no seat in it' })
    }
    const answered = (snapshot: MatchSnapshot) => {
      if (seatOf(snapshot.context.seats, playerId)) reply = accept(answer(snapshot, runtime))
    }
    const refusal = await ask(runtime, inTurn, answered, 'requests')
    return refusal ?? reply
  }
  const nothing = () => ({})

  function act(member: Member, payload: Payload<'match:act'>): Answer<'match:act'> {
    let answer: check.CheckedAct['answer'] = { seq: 0 }
    const decide: Check = (turn, seat, rules) => {
      const checked = check.checkAct(turn, seat, payload, rules)
      if ('ok' in checked) return checked
      answer = checked.answer
      return checked.event
    }
    return fromSeat(member, decide, () => answer)
  }

  function set(member: Member, payload: Payload<'match:set'>): Answer<'match:set'> {
    let version = 0
    const decide: Check = (turn, seat, rules) => {
      const decision = check.checkSet(turn, seat, payload, rules)
      if ('type' in decision && decision.type === 'property.set') version = decision.property.version
      return decision
    }
    return fromSeat(member, decide, () => ({ version }))
  }

  const ready = (member: Member): Answer<'match:ready'> => fromSeat(member, check.checkReady, nothing)
  const pause = (member: Member): Answer<'match:pause'> => fromSeat(member, check.checkPause, nothing)
  const resume = (member: Member): Answer<'match:resume'> => fromSeat(member, check.checkResume, nothing)

  function finish(member: Member, { result }: Payload<'match:finish'>): Answer<'match:finish'> {
    const decide: Check = (turn, seat) => check.checkFinish(turn, seat, result)
    return fromSeat(member, decide, ({ context }) => ({ agreed: context.result !== null }))
  }

  function rematch(member: Member, { accept }: Payload<'match:rematch'>): Answer<'match:rematch'> {
    const decide: Check = (turn, seat) => check.checkRematch(turn, seat, accept, isFree)
    return fromSeat(member, decide, ({ context }, runtime) => {
      if (isRematchWanted(context)) {
        openRematch(runtime).catch((err: unknown) => log.error({ match: runtime.id, err }, 'no rematch could be made'))
      }
      return {}
    })
  }

  // The match is stored before the players hear that they agreed. It has the terms of the first match, whatever the
  // config says now: its origin chose them.
  async function openRematch(ended: MatchRuntime): Promise<void> {
    const { mode, seats, origin } = ended.snapshot.context
    if (!seats.every(isFree)) return
    // The players have just agreed, so nothing is checked again.
    const made = await open({ ...mode, readyCheckMs: 0 }, seats, { origin, rematchOf: ended.id })
    if (!made || !('offers' in made)) return
    const { matchId, offers } = made
    await agreeRematch(ended, matchId)
    news.rematched?.({ matchId, rematchOf: ended.id, origin, offers })
  }

  const agreeRematch = (ended: MatchRuntime, matchId: MatchId) =>
    ask(ended, ({ snapshot }) => (snapshot.context.rematch?.matchId ? null : { type: 'rematch.opened', matchId }))

  const isFree = ({ playerId }: Seat) => index.isFree(playerId)

  return { requests: { act, set, ready, pause, resume, finish, rematch }, agreeRematch }
}
