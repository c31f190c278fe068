import type { Sandbox } from '../machines/game.ts'
import type { MatchContext } from '../machines/match-context.ts'
import { type MatchSnapshot, openMatch, type Referee } from '../machines/match-step.ts'
import { type Eyes, gameSeenBy, lineSeenBy, viewOf } from '../machines/match-view.ts'
import type { Mode } from '../modes.ts'
import type { Clock, Log, NewId } from '../ports.ts'
import type { AnswerOf, PayloadOf } from '../protocol/declare.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { match } from '../protocol/match.ts'
import type { MatchEvent } from '../protocol/match-view.ts'
import { type Accepted, accept, type Refusal, refuse } from '../protocol/reply.ts'
import type { Onlooker } from '../rules.ts'
import { type Decide, type Event, type Listener, MatchRuntime, type Turn } from './match-runtime.ts'
import type { MatchRecord, MatchStore } from './match-store.ts'
import type { Audience, LiveSeat, MatchNews, Proposal } from './ports.ts'
import * as judge from './requests.ts'
import { isTaken, type Seat, type SeatedPlayer, seatOf } from './seats.ts'

type Requests = typeof match.requests
type Payload<E extends keyof Requests> = PayloadOf<Requests[E]>
type Answer<E extends keyof Requests> = AnswerOf<Requests[E]>
export type Joined = Answer<'match:join'>
type Position = NonNullable<Payload<'match:join'>['since']>

export interface MatchesParts {
  store: MatchStore
  audience: Audience
  news: MatchNews
  modes: ReadonlyMap<string, Mode>
  sandbox: Sandbox
  /** Told which match the rules are at work on, and '' when they are done. */
  working?: (on: MatchId | '') => void
  clock: Clock
  newId: NewId
  log: Log
  /** Whether the player waits for another match. */
  isQueued: (playerId: PlayerId) => boolean
}
interface Member {
  matchId: MatchId
  playerId: PlayerId
}
interface Visit extends Member {
  name: string
  since?: Position | undefined
  /**
   * Called within the match's turn, with the view as it is then, so that whoever lets the player in misses no line
   * and hears none twice.
   */
  admit: (joined: Joined) => void
}
const UNRULY: judge.LaneRules = { referee: null, properties: { maxCount: 0, maxBytes: 0, visibility: {} } }

/** The matches that this node owns. */
export type Matches = ReturnType<typeof createMatches>

export function createMatches(parts: MatchesParts) {
  const { store, audience, news, modes, clock, newId, log, isQueued } = parts
  const running = new Map<MatchId, MatchRuntime>()
  const seatedIn = new Map<PlayerId, MatchId>()
  const givenUp = new Set<MatchId>()

  /** Makes a match and reserves or proposes its seats, in the order of the players; null when that cannot be stored. */
  async function open(
    mode: Mode,
    players: readonly SeatedPlayer[],
    matchId = newId() as MatchId,
  ): Promise<MatchId | null> {
    const { snapshot, facts } = openMatch({ matchId, mode, players, at: clock.now() })
    const runtime = admitRuntime({ snapshot, epoch: 1, seq: 0 })
    const begun = await runtime.begin(facts).catch((fault: unknown) => {
      log.error({ match: matchId, err: fault }, 'match could not be stored')
      return false
    })
    if (!begun) {
      forget(runtime)
      return null
    }
    log.info({ match: matchId, mode: mode.id, players: players.length }, 'match opened')
    return matchId
  }

  /** Goes on with a match from where it was stored, after the service was away for so long. */
  async function restore(record: MatchRecord & { snapshot: MatchSnapshot }, outageMs: number): Promise<void> {
    const { snapshot, epoch, seq } = record
    const runtime = admitRuntime({ snapshot, epoch: epoch + 1, seq })
    await runtime.post(() => ({ type: 'service.restored', outageMs }))
    const { rematch } = runtime.snapshot.context
    if (rematch?.matchId && !running.has(rematch.matchId)) await openRematch(runtime.snapshot.context, rematch.matchId)
  }

  function admitRuntime(from: { snapshot: MatchSnapshot; epoch: number; seq: number }): MatchRuntime {
    const { matchId, seats, outcome } = from.snapshot.context
    const heard = () => audience.heard(matchId)
    const referee = rulesOf(from.snapshot).referee
    const runtime = new MatchRuntime({ store, clock, log, listener: listenerOf(matchId), referee, heard }, from)
    running.set(matchId, runtime)
    if (outcome === null) for (const { playerId } of seats.filter(isTaken)) seatedIn.set(playerId, matchId)
    return runtime
  }

  function rulesOf({ context }: MatchSnapshot): judge.LaneRules {
    const mode = modes.get(context.mode.id)
    if (!mode) return UNRULY
    const referee: Referee | null =
      mode.rules && context.mode.hasRules ? { rules: mode.rules, sandbox: sandboxOf(context.matchId) } : null
    return { referee, properties: mode.properties }
  }

  const sandboxOf =
    (matchId: MatchId): Sandbox =>
    (run) => {
      parts.working?.(matchId)
      try {
        return parts.sandbox(run)
      } finally {
        parts.working?.('')
      }
    }

  const eyesOf = (snapshot: MatchSnapshot, who: Onlooker): Eyes => {
    const { referee, properties } = rulesOf(snapshot)
    return { who, referee, visibilities: properties.visibility, now: clock.now() }
  }

  const seatedMatch = (playerId: PlayerId): { runtime: MatchRuntime; seat: Seat } | null => {
    const matchId = seatedIn.get(playerId)
    const runtime = matchId && running.get(matchId)
    const seat = runtime && seatOf(runtime.snapshot.context.seats, playerId)
    return runtime && seat ? { runtime, seat } : null
  }

  /** The one match that a player has a seat in and that has not ended, or undefined. */
  function liveSeatOf(playerId: PlayerId): LiveSeat | undefined {
    const place = seatedMatch(playerId)
    return place && place.runtime.snapshot.state !== 'proposed'
      ? liveSeat(place.runtime.snapshot.context, place.seat)
      : undefined
  }

  /** The match that a player has been asked to accept, or undefined. */
  function proposalOf(playerId: PlayerId): Proposal | undefined {
    const snapshot = seatedMatch(playerId)?.runtime.snapshot
    return snapshot?.state === 'proposed' ? proposalFrom(snapshot.context) : undefined
  }

  const memberSeat = (runtime: MatchRuntime | undefined, playerId: PlayerId): Seat | null => {
    const seat = runtime && seatOf(runtime.snapshot.context.seats, playerId)
    return seat && isTaken(seat) ? seat : null
  }

  /** Lets a player take the seat, or come back to it. */
  async function join({ matchId, playerId, since, admit }: Omit<Visit, 'name'>): Promise<Joined | Refusal> {
    if (givenUp.has(matchId)) return refuse('MATCH_ABORTED')
    const runtime = running.get(matchId)
    if (!runtime || !memberSeat(runtime, playerId)) return refuse('NOT_FOUND')
    return visit(runtime, { playerId, since, admit }, ({ snapshot }) => {
      if (!memberSeat(runtime, playerId)) return refuse('NOT_FOUND')
      if (snapshot.state === 'proposed') return refuse('FORBIDDEN', { because: 'the match is not accepted by all yet' })
      return { type: 'player.joined', playerId }
    })
  }

  /** Lets someone look on. */
  async function spectate({ matchId, playerId, name, since, admit }: Visit): Promise<Joined | Refusal> {
    const runtime = running.get(matchId)
    if (!runtime) return refuse('NOT_FOUND')
    return visit(runtime, { playerId, since, admit }, ({ snapshot: { state, context } }) => {
      if (state === 'proposed' || state === 'closed') return refuse('NOT_FOUND')
      if (!context.mode.spectators) return refuse('FORBIDDEN', { because: 'this mode has no spectators' })
      if (memberSeat(runtime, playerId)) return refuse('FORBIDDEN', { because: 'you have a seat in this match' })
      return { type: 'spectator.joined', playerId, name }
    })
  }

  async function sync({ matchId, playerId, since, admit }: Omit<Visit, 'name'>): Promise<Joined | Refusal> {
    const runtime = running.get(matchId)
    return runtime ? visit(runtime, { playerId, since, admit }, () => null) : refuse('NOT_IN_MATCH')
  }

  async function visit(
    runtime: MatchRuntime,
    { playerId, since, admit }: Pick<Visit, 'playerId' | 'since' | 'admit'>,
    decide: Decide,
  ): Promise<Joined | Refusal> {
    let reply: Joined | Refusal = refuse('NOT_FOUND')
    const refusal = await asked(runtime, decide, async () => {
      const { snapshot, position, isClosed } = runtime
      const seat = memberSeat(runtime, playerId)
      const isSpectator = snapshot.context.spectators.some((one) => one.playerId === playerId)
      if (isClosed || (!seat && !isSpectator)) return
      const eyes = eyesOf(snapshot, seat ? seat.seat : 'spectator')
      const lines = since?.epoch === position.epoch ? ((await store.tail(runtime.id, since.seq)) ?? []) : []
      const events = lines.map((line) => lineSeenBy(line, snapshot, eyes))
      const you = seat
        ? { as: 'player' as const, seat: seat.seat, team: seat.team }
        : { as: 'spectator' as const, seat: null, team: null }
      reply = accept({ match: viewOf(snapshot, eyes), you, ...position, events })
      admit(reply)
    })
    return refusal ?? reply
  }

  /** Puts a request into the mailbox; resolves with the refusal, also when the match is too busy or the store is away. */
  async function asked(
    runtime: MatchRuntime,
    decide: Decide,
    after?: () => void | Promise<void>,
  ): Promise<Refusal | null> {
    if (runtime.isFull) return refuse('OVERLOADED')
    return runtime.post(decide, after).catch((fault: unknown) => {
      log.error({ match: runtime.id, err: fault }, 'request could not be stored')
      return refuse('UNAVAILABLE')
    })
  }

  /** A request of a player with a seat: judged in its turn, answered after the commit. */
  async function fromSeat<T extends object>(
    { matchId, playerId }: Member,
    decide: (turn: Turn, seat: Seat, rules: judge.LaneRules) => Event | Refusal | null,
    answer: (runtime: MatchRuntime, seat: Seat) => T,
  ): Promise<Accepted<T> | Refusal> {
    const runtime = running.get(matchId)
    if (!runtime) return refuse('NOT_IN_MATCH')
    let reply: Accepted<T> | Refusal = refuse('MATCH_ENDED')
    const inTurn: Decide = (turn) => {
      const seat = memberSeat(runtime, playerId)
      return seat
        ? decide(turn, seat, rulesOf(turn.snapshot))
        : refuse('FORBIDDEN', { because: 'you have no seat in it' })
    }
    const refusal = await asked(runtime, inTurn, () => {
      const seat = seatOf(runtime.snapshot.context.seats, playerId)
      if (seat) reply = accept(answer(runtime, seat))
    })
    return refusal ?? reply
  }
  const nothing = () => ({})

  async function act(member: Member, payload: Payload<'match:act'>): Promise<Answer<'match:act'> | Refusal> {
    let reply = { seq: 0 } as { seq: number; game?: unknown }
    const decide = (turn: Turn, seat: Seat, rules: judge.LaneRules) => {
      const decision = judge.judgeAct(turn, seat, payload, rules)
      if (!('again' in decision)) {
        reply = { seq: turn.position.seq + 1, ...gameAfter(decision, turn, seat, rules) }
        return decision
      }
      const { seq, game } = decision.again
      reply = { seq, ...(game !== undefined && { game }) }
      return null
    }
    return fromSeat(member, decide, () => reply)
  }

  const set = (member: Member, payload: Payload<'match:set'>): Promise<Answer<'match:set'> | Refusal> => {
    let version = 0
    const decide = (turn: Turn, seat: Seat, rules: judge.LaneRules) => {
      const decision = judge.judgeSet(turn, seat, payload, rules)
      if ('type' in decision && decision.type === 'property.set') version = decision.property.version
      return decision
    }
    return fromSeat(member, decide, () => ({ version }))
  }

  const ready = (member: Member) => fromSeat(member, judge.judgeReady, nothing)
  const pause = (member: Member) => fromSeat(member, judge.judgePause, nothing)
  const resume = (member: Member) => fromSeat(member, judge.judgeResume, nothing)

  const finish = (member: Member, { result }: Payload<'match:finish'>): Promise<Answer<'match:finish'> | Refusal> =>
    fromSeat(
      member,
      (turn, seat) => judge.judgeFinish(turn, seat, result),
      ({ snapshot }) => ({ agreed: snapshot.context.result !== null }),
    )

  function rematch(member: Member, { accept }: Payload<'match:rematch'>): Promise<Answer<'match:rematch'> | Refusal> {
    const nextMatchId = newId() as MatchId
    const isFree = ({ playerId }: Seat) => !seatedIn.has(playerId) && !isQueued(playerId)
    return fromSeat(member, (turn, seat) => judge.judgeRematch(turn, seat, { accept, nextMatchId, isFree }), nothing)
  }

  /** Gives the seat up for good, or stops looking on. */
  async function quit({ matchId, playerId }: Member): Promise<Accepted | Refusal> {
    const runtime = running.get(matchId)
    if (!runtime) return refuse('NOT_IN_MATCH')
    const isPlayer = memberSeat(runtime, playerId) !== null
    const refusal = await asked(runtime, () => ({ type: isPlayer ? 'player.quit' : 'spectator.left', playerId }))
    return refusal ?? accept({})
  }

  /** A yes or no to a proposed match. Saying yes again, also when all have said it, is the same yes. */
  async function answerProposal(member: Member, answer: 'accepted' | 'declined'): Promise<Accepted | Refusal> {
    const { matchId, playerId } = member
    const runtime = running.get(matchId)
    if (!runtime || !memberSeat(runtime, playerId)) return refuse('NOT_FOUND')
    const refusal = await asked(runtime, ({ snapshot: { state, context } }) => {
      const seat = memberSeat(runtime, playerId)
      if (!seat) return refuse('TOO_LATE')
      if (state === 'proposed') return { type: `player.${answer}`, playerId }
      return answer === 'accepted' && context.accepted.includes(seat.seat) ? null : refuse('TOO_LATE')
    })
    return refusal ?? accept({})
  }

  /** To be said when a connection of a player is gone. Other tabs count: only the last one's going is a drop. */
  function connectionLost({ matchId, playerId }: Member): void {
    const runtime = running.get(matchId)
    if (!runtime) return
    const decide: Decide = () => {
      if (audience.isConnected(matchId, playerId)) return null
      return { type: memberSeat(runtime, playerId) ? 'player.dropped' : 'spectator.left', playerId }
    }
    runtime.post(decide).catch((fault: unknown) => {
      log.error({ match: matchId, player: playerId, err: fault }, 'drop could not be stored, trying again')
      clock.at(clock.now() + 1_000, () => connectionLost({ matchId, playerId }))
    })
  }

  /** A match that could not be brought back: whoever asks for it is told so. */
  const giveUp = (matchId: MatchId) => void givenUp.add(matchId)

  /** Ends every match as aborted: for a process that stops and has nowhere to keep them. */
  async function abortAll(): Promise<void> {
    await Promise.allSettled([...running.values()].map((runtime) => runtime.post(() => ({ type: 'match.faulted' }))))
  }

  /** Leaves every match as it is stored, for the next start. */
  async function letGoAll(): Promise<void> {
    await Promise.allSettled([...running.values()].map((runtime) => runtime.post(() => null)))
    for (const runtime of [...running.values()]) {
      runtime.letGo()
      forget(runtime)
    }
  }

  function listenerOf(matchId: MatchId): Listener {
    return {
      committed({ before, after, lines }) {
        tell(matchId, after, lines)
        for (const { playerId } of newlyLeft(before.context.seats, after.context.seats)) unseat(matchId, playerId)
        report(before, after)
        if (after.state === 'closed') close(matchId, after.context)
        else releaseLeavers(before.context, after.context)
      },
      fenced() {
        log.error({ match: matchId }, 'match is written by someone else, let go of it')
        const runtime = running.get(matchId)
        if (runtime) forget(runtime)
      },
    }
  }

  function releaseLeavers(before: MatchContext, after: MatchContext): void {
    const { matchId, spectators } = after
    for (const { playerId } of newlyLeft(before.seats, after.seats)) audience.release(matchId, playerId)
    for (const { playerId } of before.spectators) {
      if (!spectators.some((one) => one.playerId === playerId)) audience.release(matchId, playerId)
    }
  }

  // Everyone hears the same, unless a line holds something that not all may see.
  function tell(matchId: MatchId, snapshot: MatchSnapshot, lines: readonly MatchEvent[]): void {
    const { referee, properties } = rulesOf(snapshot)
    const isPrivate = (line: MatchEvent) =>
      (line.type === 'action' && referee !== null) ||
      (line.type === 'property.set' && line.key in properties.visibility)
    if (!lines.some(isPrivate)) return audience.tell(matchId, lines)
    audience.tell(matchId, lines, (who) => {
      const eyes = eyesOf(snapshot, who)
      const game = gameSeenBy(snapshot, eyes)
      return lines.map((line) => lineSeenBy(line, snapshot, eyes, game))
    })
  }

  /** What others wait for: a proposal that goes on, seats that are ready, an end. */
  function report(before: MatchSnapshot, after: MatchSnapshot): void {
    const { context } = after
    const { matchId, seats, accepted } = context
    const players = seats.map(({ playerId }) => playerId)
    if (accepted.length > before.context.accepted.length) {
      news.progressed({ matchId, accepted: accepted.length, size: seats.length, players })
    }
    if (before.state === 'proposed' && after.state === 'gathering') news.confirmed(offersOf(context))
    if (context.outcome !== null && before.context.outcome === null) ended(context, before.state)
    const agreed = context.rematch?.matchId
    if (agreed && !before.context.rematch?.matchId) void openRematch(context, agreed)
  }

  function ended({ matchId, mode, outcome, seats }: MatchContext, from: MatchSnapshot['state']): void {
    log.info({ match: matchId, mode: mode.id, outcome, from }, 'match ended')
    for (const { playerId } of seats) unseat(matchId, playerId)
    if (outcome !== 'cancelled') return
    const innocent = seats.filter(isTaken)
    const others = seats.filter((seat) => !isTaken(seat))
    const why = others.flatMap((seat) => (seat.status === 'left' ? [seat.why] : []))
    const isDeclined = why.some((one) => one === 'quit' || one === 'declined')
    const reason = isDeclined ? 'declined' : why.includes('notAccepted') ? 'notAccepted' : 'noShow'
    news.cancelled({ matchId, mode: mode.id, reason, innocent, others })
  }

  async function openRematch({ mode, seats }: MatchContext, matchId: MatchId): Promise<void> {
    const known = modes.get(mode.id)
    if (!known) return
    const players = seats.map(({ playerId, name }) => ({ playerId, name, queuedAt: clock.now() }))
    // They have just agreed: there is nothing to check once more.
    await open({ ...known, readyCheckMs: 0 }, players, matchId)
  }

  function close(matchId: MatchId, { outcome, result }: MatchContext): void {
    if (outcome) audience.dismiss(matchId, { outcome, ...(result && { result }) })
    running.delete(matchId)
    store.remove(matchId).catch((fault: unknown) => log.error({ match: matchId, err: fault }, 'match was not removed'))
  }

  function unseat(matchId: MatchId, playerId: PlayerId): void {
    if (seatedIn.get(playerId) === matchId) seatedIn.delete(playerId)
  }

  function forget({ id, snapshot }: MatchRuntime): void {
    running.delete(id)
    for (const { playerId } of snapshot.context.seats) unseat(id, playerId)
  }

  /** What a match that was just made has to say to its players. */
  function announce(
    matchId: MatchId,
  ): { proposal: Proposal } | { offers: { playerId: PlayerId; offer: LiveSeat }[] } | null {
    const snapshot = running.get(matchId)?.snapshot
    if (!snapshot) return null
    return snapshot.state === 'proposed'
      ? { proposal: proposalFrom(snapshot.context) }
      : { offers: offersOf(snapshot.context) }
  }

  const size = () => running.size
  const seated = () => seatedIn.size
  const lane = { act, set, ready, pause, resume, finish, rematch }
  const visits = { join, spectate, sync, quit, connectionLost }
  return {
    open,
    announce,
    restore,
    liveSeatOf,
    proposalOf,
    answerProposal,
    ...visits,
    ...lane,
    giveUp,
    abortAll,
    letGoAll,
    size,
    seated,
  }
}

/** What of a game the actor sees after an action. */
function gameAfter(
  decision: Event | Refusal,
  { now, snapshot }: Turn,
  seat: Seat,
  { referee }: judge.LaneRules,
): { game?: unknown } {
  if (!('type' in decision) || decision.type !== 'action.taken' || !decision.step || !referee) return {}
  const { context } = snapshot
  const after: MatchSnapshot = { ...snapshot, context: { ...context, game: decision.step.game } }
  return { game: gameSeenBy(after, { who: seat.seat, visibilities: {}, referee, now }) }
}

const liveSeat = ({ matchId, mode, deadline }: MatchContext, { seat, team, status }: Seat): LiveSeat => ({
  matchId,
  mode: mode.id,
  seat,
  team,
  joinBy: status === 'reserved' && deadline?.name === 'joinBy' ? deadline.at : null,
})

const offersOf = (context: MatchContext) =>
  context.seats.filter(isTaken).map((seat) => ({ playerId: seat.playerId, offer: liveSeat(context, seat) }))

const proposalFrom = ({ matchId, mode, deadline, seats }: MatchContext): Proposal => ({
  matchId,
  mode: mode.id,
  acceptBy: deadline?.at ?? 0,
  size: seats.length,
})

const newlyLeft = (before: readonly Seat[], after: readonly Seat[]): Seat[] =>
  after.filter((seat, n) => !isTaken(seat) && isTaken(before[n] ?? seat))
