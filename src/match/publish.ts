import type { Onlooker } from '../config/rules.ts'
import { hasRoom, type MatchContext, tooFewRemain } from '../machines/match/match-context.ts'
import type { MatchSnapshot } from '../machines/match/match-step.ts'
import { gamesSeenBy, lineSeenBy, shareLines, visibilityIn } from '../machines/match/match-view.ts'
import { isTaken, type Seat } from '../machines/match/seats.ts'
import type { Elapsed, Log } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import type { MatchEvent } from '../protocol/match-view.ts'
import { walled } from '../util/walls.ts'
import { delayedBetween } from './delays.ts'
import { inBrief } from './inspect.ts'
import { SLICE_MS } from './mailbox.ts'
import type { Committed, Listener, ToldStep } from './match-runtime.ts'
import type { MatchStore } from './match-store.ts'
import type { ModeRules } from './mode-rules.ts'
import type { Audience, MatchNews, Seen } from './ports.ts'
import { type MatchRegistry, offersOf } from './registry.ts'

interface PublisherParts {
  registry: MatchRegistry
  modeRules: ModeRules
  audience: Audience
  /** Each of its functions ends its own faults. */
  news: MatchNews
  store: MatchStore
  /** By which a look through many eyes is cut into pieces. */
  elapsed: Elapsed
  log: Log
}

/** What becomes of a step once it is stored: who hears what of it, who is let go, and who else waits for it. */
export function createPublisher(parts: PublisherParts): Listener {
  const { registry, modeRules, audience, news, store, elapsed, log } = parts

  // Everyone hears the same, unless a line holds something that not all may see.
  function tell({ after, lines, steps }: Committed): void | Promise<void> {
    if (!steps.some(isPrivate)) return hand(after, lines)
    return tellApart(steps)
  }

  function isPrivate({ snapshot, lines }: ToldStep): boolean {
    const { referee, properties } = modeRules.rulesOf(snapshot)
    return lines.some(
      (line) =>
        (referee !== null && showsGame(line)) ||
        (line.type === 'property.set' &&
          visibilityIn(snapshot.context.properties, line.key, properties.visibility) !== 'public'),
    )
  }

  async function tellApart(steps: readonly ToldStep[]): Promise<void> {
    for (const step of steps) {
      const { snapshot, lines } = step
      await (isPrivate(step) ? lookedAt(step).then((seen) => hand(snapshot, lines, seen)) : hand(snapshot, lines))
    }
  }

  function hand(
    { context: { matchId } }: MatchSnapshot,
    lines: readonly MatchEvent[],
    seen?: Seen,
  ): void | Promise<void> {
    const failed = (err: unknown) => log.error({ match: matchId, err }, 'a step could not be told, all else goes on')
    try {
      const telling = audience.tell(matchId, lines, seen)
      if (telling) return telling.catch(failed)
    } catch (err) {
      failed(err)
    }
  }

  /** The lines of a step as each who looks on may see them. A fault of the rules is not walled: it ends the match. */
  async function lookedAt({ snapshot, lines }: ToldStep): Promise<Seen> {
    const whos = [...audience.onlookers(snapshot.context.matchId)]
    const { referee } = modeRules.rulesOf(snapshot)
    const isMove = referee !== null && lines.some(showsGame)
    const share = shareLines()
    const seen = new Map<Onlooker, readonly MatchEvent[]>()

    function look(): [Onlooker, readonly MatchEvent[]][] {
      const some = inTime(whos.slice(seen.size))
      const eyesOf = (who: Onlooker) => modeRules.eyesOf(snapshot, who)
      const games = isMove ? gamesSeenBy(snapshot, some, eyesOf('spectator')) : new Map<Onlooker, unknown>()
      const seenBy = (who: Onlooker) =>
        lines.map((line) => share(line, lineSeenBy(line, snapshot, eyesOf(who), games.get(who))))
      return Array.from(games.size > 0 ? games.keys() : some, (who) => [who, seenBy(who)])
    }
    // One watch over the rules for as many as can look in a few milliseconds, since each costs more than the looking.
    while (seen.size < whos.length) {
      for (const [who, its] of await (referee ? modeRules.inTurn(snapshot, look) : look())) seen.set(who, its)
    }
    return seen
  }

  function* inTime(whos: readonly Onlooker[]): Generator<Onlooker> {
    const began = elapsed()
    for (const who of whos) {
      yield who
      if (elapsed() - began >= SLICE_MS) return
    }
  }

  function releaseLeavers(before: MatchContext, { matchId, seats, spectators }: MatchContext): void {
    for (const { playerId } of newlyLeft(before.seats, seats)) audience.release(matchId, playerId)
    if (before.spectators === spectators) return
    const stillHere = new Set(spectators.map(({ playerId }) => playerId))
    for (const { playerId } of before.spectators) if (!stillHere.has(playerId)) audience.release(matchId, playerId)
  }

  function report(before: MatchSnapshot, after: MatchSnapshot): void {
    const { state, context } = after
    const { matchId, origin, mode, seats, accepted, outcome } = context
    const leavers = newlyLeft(before.context.seats, seats)
    const players = seats.filter(isTaken).map(playerOf)
    if (isProgress(before.context.accepted.length, accepted.length, players.length)) {
      news.progressed({ matchId, accepted: accepted.length, size: players.length, players })
    }
    if (outcome !== null && before.context.outcome === null)
      log.info({ match: matchId, mode: mode.id, outcome, from: before.state }, 'match ended')
    const innocent = outcome === null ? [] : seats.filter(isTaken)
    const cameToNothing = outcome === 'cancelled' || (outcome === 'aborted' && before.state === 'proposed')
    // Who is out of a proposed match learns it at once, also when it goes on without them.
    if ((cameToNothing && before.context.outcome === null) || (before.state === 'proposed' && leavers.length > 0)) {
      const isOver = outcome !== null
      const wasProposed = before.state === 'proposed'
      const reason = reasonOf(leavers)
      news.cancelled({ matchId, origin, mode: mode.id, reason, innocent, others: leavers, isOver, wasProposed })
    }
    if (before.state !== 'proposed' && leavers.length > 0 && outcome === null)
      news.left(matchId, leavers.map(playerOf), noShowsAmong(leavers))
    if (!isBeforePlay(before.state) && tooFewRemain(context)) reportDeserters(before.context, context)
    if (isBeforePlay(before.state) && !isBeforePlay(state) && outcome === null) news.began(matchId, teamsOf(context))
    if (mode.lateJoin && (before.context === context || before.context.seats !== seats || before.state !== state)) {
      reportRoom(state, context)
    }
    if (before.state === 'proposed' && state !== 'proposed' && outcome === null) news.confirmed(offersOf(context))
    const delayed = delayedBetween(before, after)
    if (delayed.length > 0) news.delayed?.(matchId, delayed)
    const endings = endingsBetween(before, after)
    if (endings.length > 0) news.concluded?.(matchId, endings)
    if (outcome !== null && before.context.outcome === null) news.ended(matchId)
  }

  // Who dropped in the countdown and stayed away has let the match down as one who left.
  function reportDeserters(before: MatchContext, { matchId, origin, seats }: MatchContext): void {
    const deserters = newlyLeft(before.seats, seats).filter(({ seat }) => isDeserted(before.seats[seat]))
    if (deserters.length > 0) news.deserted?.({ matchId, origin, players: deserters.map(playerOf) })
  }

  function reportRoom(state: MatchSnapshot['state'], context: MatchContext): void {
    const { matchId, mode, seats } = context
    const isOpen = OPEN_TO_JOIN.has(state) && hasRoom(context)
    const taken = seats.filter(isTaken)
    const { teamCount } = mode
    const teams =
      teamCount === null
        ? taken.map((seat) => [playerIn(seat)])
        : Array.from({ length: teamCount }, (_, n) => taken.filter(({ team }) => team === n).map(playerIn))
    const left = seats.filter((seat) => !isTaken(seat)).map(playerOf)
    news.roomChanged({ matchId, mode: mode.id, teams: isOpen ? teams : null, left })
  }

  function close({ matchId, outcome, result }: MatchContext): void {
    if (outcome) audience.dismiss(matchId, { outcome, ...(result && { result }) })
    const runtime = registry.get(matchId)
    if (runtime) registry.remove(runtime)
    store.remove(matchId).catch((fault: unknown) => log.error({ match: matchId, err: fault }, 'match was not removed'))
  }

  return {
    committed(stored) {
      const { before, after, lines } = stored
      const { matchId } = after.context
      const told = tell(stored)
      return told ? told.then(follow) : follow()

      // The step is stored: whatever fails from here on is told, and undoes nothing.
      function follow(): void {
        walled(log, { match: matchId }, () => {
          registry.tellSeats(before, after)
          report(before, after)
          if (lines.some(({ type }) => type === 'state.changed')) news.changed?.(inBrief(after))
        })
        walled(log, { match: matchId }, () => {
          if (after.state === 'closed') close(after.context)
          else releaseLeavers(before.context, after.context)
        })
      }
    },
    fenced(runtime) {
      log.error({ match: runtime.id }, 'match is written by someone else, let go of it')
      registry.remove(runtime)
      const { state, context } = runtime.snapshot
      const { matchId, origin, mode, seats } = context
      if (state === 'proposed') {
        news.cancelled({
          matchId,
          origin,
          mode: mode.id,
          reason: 'operator',
          innocent: seats.filter(isTaken),
          others: [],
          isOver: true,
          wasProposed: true,
        })
      }
      news.ended(matchId)
    },
  }
}

// Everyone hears of it: in a large match only of every twentieth part, or each of a thousand would be told a thousand times.
const PARTS_TOLD = 20

function isProgress(before: number, accepted: number, size: number): boolean {
  const partOf = (count: number) => (size <= PARTS_TOLD ? count : Math.floor((count * PARTS_TOLD) / size))
  return partOf(accepted) > partOf(before)
}

const showsGame = (line: MatchEvent): boolean =>
  line.type === 'action' || (line.type === 'state.changed' && line.state === 'playing')

/** A match that ends from here has come to nothing, and its players go back to the queue. */
const isBeforePlay = (state: MatchSnapshot['state']): boolean => ['proposed', 'gathering', 'countdown'].includes(state)
const OPEN_TO_JOIN: ReadonlySet<MatchSnapshot['state']> = new Set(['gathering', 'countdown', 'playing', 'paused'])

const isDeserted = (before: Seat | undefined): boolean => before?.status === 'away' && before.isBeforePlay === true

const playerOf = ({ playerId }: Seat): PlayerId => playerId
const playerIn = ({ playerId, name }: Seat) => ({ id: playerId, name })

const teamsOf = ({ seats }: MatchContext): PlayerId[][] => {
  const taken = seats.filter(isTaken)
  const teams = [...new Set(taken.map(({ team }) => team))]
  return teams.map((team) => taken.filter((seat) => seat.team === team).map(playerOf))
}

const newlyLeft = (before: readonly Seat[], after: readonly Seat[]): Seat[] =>
  after.filter((seat, n) => !isTaken(seat) && isTaken(before[n] ?? seat))

const noShowsAmong = (leavers: readonly Seat[]): PlayerId[] =>
  leavers.filter((seat) => seat.status === 'left' && seat.why === 'noShow').map(playerOf)

/** For whom the match has come to its end with this step, and how; what comes to nothing is told in another way. */
function endingsBetween(before: MatchSnapshot, { context }: MatchSnapshot): { playerId: PlayerId; reason: string }[] {
  const { outcome, seats } = context
  const forfeited = newlyLeft(before.context.seats, seats)
    .filter((seat) => seat.status === 'left' && seat.why === 'forfeited')
    .map((seat) => ({ playerId: playerOf(seat), reason: 'forfeited' }))
  if (outcome === null || outcome === 'cancelled' || before.context.outcome !== null) return forfeited
  return [...forfeited, ...seats.filter(isTaken).map((seat) => ({ playerId: playerOf(seat), reason: outcome }))]
}

/** Why those who are out are out; nobody's fault when nobody is. */
function reasonOf(leavers: readonly Seat[]): 'declined' | 'notAccepted' | 'noShow' | 'operator' {
  const why = new Set(leavers.flatMap((seat) => (seat.status === 'left' ? [seat.why] : [])))
  if (why.size === 0) return 'operator'
  if (why.has('quit') || why.has('declined')) return 'declined'
  return why.has('notAccepted') ? 'notAccepted' : 'noShow'
}
