import type { Mode } from '../config/modes.ts'
import type { MadeBy, MatchMode, Origin } from '../machines/match/match-context.ts'
import { type MatchSnapshot, openMatch } from '../machines/match/match-step.ts'
import { isTaken, type SeatedPlayer, seatOf } from '../machines/match/seats.ts'
import { atOnce, type Clock, type Elapsed, type EpochMs, type Log, type LoopTurns, type NewId } from '../ports.ts'
import type { LobbyId, MatchId, PlayerId } from '../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../protocol/reply.ts'
import type { Gap, ServiceTime } from '../util/outage.ts'
import { walledListener } from '../util/walls.ts'
import { createAsk } from './commands/ask.ts'
import { createCommands } from './commands/commands.ts'
import { createInspection } from './inspect.ts'
import { createJoin } from './join.ts'
import { type Decide, MatchRuntime } from './match-runtime.ts'
import type { MatchRecord, MatchStore } from './match-store.ts'
import { createModeRules } from './mode-rules.ts'
import type { Audience, LiveSeat, MatchNews, OpenedMatch, Seats } from './ports.ts'
import { createPublisher } from './publish.ts'
import { createMatchRegistry, liveSeat, type Member, memberSeat, offersOf, proposalFrom } from './registry.ts'

export interface MatchesParts {
  store: MatchStore
  audience: Audience
  news: MatchNews
  modes: ReadonlyMap<string, Mode>
  sandbox: Parameters<typeof createModeRules>[0]['sandbox']
  sharedSandbox?: Parameters<typeof createModeRules>[0]['sharedSandbox']
  /** Told which match the rules are at work on, and '' when they are done. */
  working?: (on: MatchId | '', mode?: string) => void
  clock: Clock
  time: ServiceTime
  /** In which matches have their turns at the loop; for who shares it with nobody: at once. */
  turns?: LoopTurns
  elapsed?: Elapsed
  newId: NewId
  log: Log
  seats: Seats
  /** Whether whoever made a match lets this player know of it, and look on. */
  mayLookOn?: (origin: Origin, playerId: PlayerId) => boolean
}
const RETRY_MS = 1_000

/** The matches that this node owns. */
export type Matches = ReturnType<typeof createMatches>

export function createMatches(parts: MatchesParts) {
  const { store, audience, modes, sandbox, working, clock, time, newId, log, seats } = parts
  const { turns = atOnce, elapsed = () => 0 } = parts
  // A fault of whoever hears of a match is theirs, not the match's.
  const news = walledListener(parts.news, parts.log)
  const registry = createMatchRegistry(news)
  const modeRules = createModeRules({ modes, sandbox, sharedSandbox: parts.sharedSandbox, working, clock })
  const ask = createAsk(log)
  const listener = createPublisher({ registry, modeRules, audience, news, store, elapsed, log })
  const mayLookOn = parts.mayLookOn ?? (() => true)
  const join = createJoin({ registry, modeRules, store, ask, news, mayLookOn })
  const inspection = createInspection({ registry, modeRules, store, ask })
  const commands = createCommands({ registry, modeRules, ask, open, seats, news, log })

  time.onOutage((outageMs) => {
    for (const runtime of registry.all()) runtime.addBack(outageMs)
  })

  function run(from: { snapshot: MatchSnapshot; epoch: number; seq: number }): MatchRuntime {
    const { matchId } = from.snapshot.context
    const heard = () => audience.heard(matchId)
    const referee = modeRules.rulesOf(from.snapshot).referee
    const runtime = new MatchRuntime(
      { store, turns, elapsed, clock: time, log, listener, referee, inTurn: modeRules.inTurn, heard },
      from,
    )
    registry.add(runtime)
    return runtime
  }

  /**
   * Makes a match and reserves or proposes its seats, in the order of the players, and returns what there is to say to
   * them; null when that cannot be stored.
   */
  async function open(
    mode: Mode | MatchMode,
    players: readonly SeatedPlayer[],
    by: MadeBy = {},
  ): Promise<OpenedMatch | null> {
    const matchId = newId() as MatchId
    const release = seats.reserve(players.map(({ playerId }) => playerId))
    const { snapshot, facts } = openMatch({ ...by, matchId, mode, players, at: clock.now() })
    const runtime = run({ snapshot, epoch: 1, seq: 0 })
    const begun = await runtime.begin(facts).catch((fault: unknown) => {
      log.error({ match: matchId, err: fault }, 'match could not be stored')
      return false
    })
    release()
    if (!begun) {
      registry.remove(runtime)
      return null
    }
    log.info({ match: matchId, mode: mode.id, players: players.length }, 'match opened')
    const { state, context } = runtime.snapshot
    return state === 'proposed' ? { matchId, proposal: proposalFrom(context) } : { matchId, offers: offersOf(context) }
  }

  /**
   * Goes on with a match from where it was stored, after the service was not there. False, and it is not ours, when
   * somebody has written it since it was read.
   */
  async function restore(
    record: MatchRecord & { snapshot: MatchSnapshot },
    gap: Gap & { lastBeat: EpochMs | null },
  ): Promise<boolean> {
    const runtime = run({ snapshot: record.snapshot, epoch: record.epoch + 1, seq: record.seq })
    const isOurs = (await runtime.post(() => ({ type: 'service.restored', ...gap }))) === null
    const { snapshot } = runtime
    if (isOurs) registry.tellSeats(snapshot, snapshot)
    const { outcome } = snapshot.context
    const elsewhere = snapshot.context.seats.filter(
      (seat) => isTaken(seat) && seats.isElsewhere(runtime.id, seat.playerId),
    )
    // In one that is decided they may stay, for a rematch or a last word.
    if (isOurs && outcome === null) for (const { playerId } of elsewhere) await quit({ matchId: runtime.id, playerId })
    return isOurs
  }

  /** To be said when all are back: a process may have ended between the making of a rematch and its announcement. */
  async function announceRematches(): Promise<void> {
    for (const { id, snapshot } of registry.all()) {
      const former = registry.get(snapshot.context.rematchOf ?? id)
      if (former && former.id !== id) await commands.agreeRematch(former, id)
    }
  }

  /** Seats in a match that goes on, for all of them; null when it has no room for them, or is gone. */
  async function offerSeats(
    matchId: MatchId,
    players: readonly SeatedPlayer[],
  ): Promise<{ playerId: PlayerId; offer: LiveSeat }[] | null> {
    const runtime = registry.get(matchId)
    if (!runtime) return null
    const { context } = runtime.snapshot
    if (context.seats.filter(isTaken).length + players.length > context.mode.maxSeats) return null
    const offers = await Promise.all(players.map((player) => offerSeat(runtime, player)))
    const made = () => offers.filter((offer) => offer !== null).filter(({ playerId }) => liveSeatIn(runtime, playerId))
    // Those who want to play together do, or not here: the match may have ended, or filled, in between.
    if (made().length < players.length) for (const { playerId } of made()) await quit({ matchId, playerId })
    return made().length > 0 ? made() : null
  }

  async function offerSeat(
    runtime: MatchRuntime,
    player: SeatedPlayer,
  ): Promise<{ playerId: PlayerId; offer: LiveSeat } | null> {
    const { playerId } = player
    if (seatOf(runtime.snapshot.context.seats, playerId)) return null
    await ask(runtime, () => ({ type: 'seat.offered', player }))
    const offer = liveSeatIn(runtime, playerId)
    return offer && { playerId, offer }
  }

  /** Gives the seat up for good, or stops looking on. */
  async function quit({ matchId, playerId }: Member): Promise<Accepted | Refusal> {
    const runtime = registry.get(matchId)
    if (!runtime) return refuse('NOT_IN_MATCH')
    const decide: Decide = (turn) => ({
      type: memberSeat(turn, playerId) ? 'player.quit' : 'spectator.left',
      playerId,
    })
    const refusal = await ask(runtime, decide, undefined, 'requests')
    return refusal ?? accept({})
  }

  /** A yes or no to a proposed match. Saying yes again, also when all have said it, is the same yes. */
  async function answerProposal(
    { matchId, playerId }: Member,
    answer: 'accepted' | 'declined',
  ): Promise<Accepted | Refusal> {
    const runtime = registry.get(matchId)
    if (!runtime || !memberSeat(runtime, playerId)) return refuse('NOT_FOUND')
    const decide: Decide = (turn) => {
      const { state, context } = turn.snapshot
      const seat = memberSeat(turn, playerId)
      if (!seat) return refuse('TOO_LATE')
      if (state === 'proposed') return { type: `player.${answer}`, playerId }
      return answer === 'accepted' && context.accepted.includes(seat.seat) ? null : refuse('TOO_LATE')
    }
    const refusal = await ask(runtime, decide, undefined, 'requests')
    return refusal ?? accept({})
  }

  /** To be said when a connection of a player is gone. Other tabs count: only the last one's going is a drop. */
  function connectionLost(member: Member): void {
    const { matchId, playerId } = member
    const runtime = registry.get(matchId)
    if (!runtime) return
    const decide: Decide = (turn) => {
      if (audience.isConnected(matchId, playerId)) return null
      return { type: memberSeat(turn, playerId) ? 'player.dropped' : 'spectator.left', playerId }
    }
    runtime.post(decide, undefined, 'requests').catch((fault: unknown) => {
      log.error({ match: matchId, player: playerId, err: fault }, 'drop could not be stored, trying again')
      clock.at(clock.now() + RETRY_MS, () => connectionLost(member))
    })
  }

  /**
   * To be said when a lobby is open to fewer or to others than before: whoever looks on at its match and may not know of
   * it any more is told, and let go. `isPrivate` is null for one that is gone.
   */
  function lobbyChanged(lobbyId: LobbyId, isPrivate: boolean | null): void {
    const decide: Decide = ({ snapshot: { context } }) => {
      const { origin, spectators } = context
      if (origin.by !== 'lobby') return null
      const now = { ...origin, isPrivate: isPrivate ?? origin.isPrivate }
      const outsiders = spectators.map(({ playerId }) => playerId).filter((playerId) => !mayLookOn(now, playerId))
      if (outsiders.length === 0 && now.isPrivate === origin.isPrivate) return null
      return { type: 'lobby.changed', isPrivate: now.isPrivate, outsiders }
    }
    const tell = (runtime: MatchRuntime) => {
      runtime.post(decide).catch((fault: unknown) => {
        log.error({ match: runtime.id, lobby: lobbyId, err: fault }, 'onlookers could not be let go, trying again')
        clock.at(clock.now() + RETRY_MS, () => tell(runtime))
      })
    }
    for (const runtime of registry.ofLobby(lobbyId)) tell(runtime)
  }

  /** Ends every match as aborted: for a process that stops and has nowhere to keep them. */
  async function abortAll(): Promise<void> {
    await Promise.allSettled(registry.all().map((runtime) => runtime.post(() => ({ type: 'match.faulted' }))))
  }

  /** Leaves every match as it is stored, for the next start. */
  async function letGoAll(): Promise<void> {
    await Promise.allSettled(registry.all().map((runtime) => runtime.post(() => null)))
    for (const runtime of registry.all()) {
      runtime.letGo()
      registry.remove(runtime)
    }
  }

  const { giveUp, setAside, size } = registry
  const making = {
    open,
    announceRematches,
    offerSeats,
    restore,
    giveUp,
    setAside,
    abortAll,
    letGoAll,
  }
  return {
    ...making,
    ...join,
    ...commands.requests,
    ...inspection,
    quit,
    answerProposal,
    connectionLost,
    lobbyChanged,
    size,
  }
}

/** The seat that a player has in a match that goes on, as those outside know it; or null. */
function liveSeatIn({ snapshot: { state, context } }: MatchRuntime, playerId: PlayerId): LiveSeat | null {
  const seat = seatOf(context.seats, playerId)
  if (!seat || !isTaken(seat) || state === 'proposed' || context.outcome !== null) return null
  return liveSeat(context, seat)
}
