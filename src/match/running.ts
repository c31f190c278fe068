import type { Mode } from '../config/modes.ts'
import type { MadeBy, MatchMode } from '../machines/match/match-context.ts'
import { type MatchSnapshot, openMatch } from '../machines/match/match-step.ts'
import { announcementIn, type OpenedMatch, seatsIn } from '../machines/match/seat-news.ts'
import { isTaken, type SeatedPlayer } from '../machines/match/seats.ts'
import type { Clock, Elapsed, EpochMs, Log, LoopTurns, NewId } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { Gap, ServiceTime } from '../util/outage.ts'
import type { MatchRecord, MatchStore } from './match-store.ts'
import type { ModeRules } from './mode-rules.ts'
import type { Audience, Seats } from './ports.ts'
import type { MatchRegistry, Member } from './registry.ts'
import { type Listener, MatchRuntime } from './runtime/match-runtime.ts'

interface RunningParts {
  registry: MatchRegistry
  modeRules: ModeRules
  store: MatchStore
  audience: Pick<Audience, 'heard'>
  listener: Listener
  seats: Seats
  /** Gives up a player's seat. */
  quit: (member: Member) => Promise<unknown>
  turns: LoopTurns
  elapsed: Elapsed
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}

/** Starts matches on this node: new ones, and those that were stored before a restart. */
export function createRunning(parts: RunningParts) {
  const { registry, modeRules, store, audience, listener, seats, quit, turns, elapsed, clock, time, newId, log } = parts

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
   * Opens a match, with its seats in the order of the players, and returns its announcements; null when it cannot be
   * stored.
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
    const made = seatsIn(runtime.snapshot)
    return { matchId, ...announcementIn(made, made.seats) }
  }

  /**
   * Restores a match from its record after an outage. False when another node has written it since: then it is not
   * ours.
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
    // In a decided match the players may stay, for a rematch or to chat.
    if (isOurs && outcome === null) for (const { playerId } of elsewhere) await quit({ matchId: runtime.id, playerId })
    return isOurs
  }

  return { open, restore }
}
