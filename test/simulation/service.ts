import { createSeatIndex, type SeatIndex } from '../../src/lobby/seats/seat-index.ts'
import { startHeartbeat } from '../../src/match/heartbeat.ts'
import { createMatches, type Matches } from '../../src/match/matches.ts'
import { restoreMatches } from '../../src/match/restore.ts'
import type { Cancel, Clock, EpochMs, Log } from '../../src/ports.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import { withHealth } from '../../src/stores/health.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { waitingMatchesOn } from '../../src/stores/waiting-matches.ts'
import { createServiceTime } from '../../src/system/service-time.ts'
import { steadyClock } from '../../src/system/steady-clock.ts'
import { gapSince } from '../../src/util/outage.ts'
import type { Answer, Command } from './commands.ts'
import { type Connection, createGateway, type Gateway } from './gateway.ts'
import { createLobby, type Lobby } from './lobby.ts'
import type { SimulationParts } from './parts.ts'
import { type Life, newLife } from './timeline.ts'

/** One process of the service: the real core on a simulated clock, disk and network. */
export interface Service {
  readonly life: Life
  readonly matches: Matches
  readonly seats: SeatIndex
  readonly gateway: Gateway
  readonly lobby: Lobby
  /** Matches that another process owns by now. */
  readonly fencedFrom: Set<string>
  /** Since when it accepts players, or null while it is starting. */
  openSince: EpochMs | null
  connect(playerId: string): Connection
  disconnect(connection: Connection): void
  handle(connection: Connection, command: Command): Promise<Answer>
  /** Stops as on SIGTERM: the stored state remains. */
  stop(): Promise<void>
}

/** Starts a process on the disk; rejects when it could not restore the matches. */
export function startService(parts: SimulationParts, life = newLife()): { service: Service; started: Promise<void> } {
  const { timeline, modes, disk, fail, newId, trace, archives } = parts
  const fencedFrom = new Set<string>()
  const { clockOffsetMs } = life
  const now = () => timeline.now() + clockOffsetMs
  const gateway = createGateway({ checks: parts.tellChecks(life, fencedFrom), now, service: () => matches.service })
  const log = watchedLog(fail, trace)
  const at = (kind: 'timer' | 'heartbeat') => (instant: EpochMs, task: () => void) =>
    timeline.at(instant - clockOffsetMs, task, life, kind)
  const bare: Clock = { now, at: at('timer') }
  const ticking = { at: at('heartbeat') }
  const steady = steadyClock(bare, log, ticking)
  const clock = parts.sabotage.areStallsUnnoticed ? { ...steady, onStall: () => () => {} } : steady
  const time = createServiceTime(clock, log)
  const disked = disk.openFor(life)
  const records = openMemoryRecordStore()
  const { store, isHealthy } = withHealth(
    { store: parts.sabotage.store?.(disked, gateway.audience) ?? disked, records },
    time,
  )
  const seats = createSeatIndex()
  const matches = createMatches({
    store,
    audience: parts.sabotage.audience?.(gateway.audience) ?? gateway.audience,
    news: {
      progressed: (news) => lobby.queue.news.progressed(news),
      confirmed: (offers) => lobby.queue.news.confirmed(offers),
      cancelled: (cancelled) => lobby.queue.news.cancelled(cancelled),
      began: (matchId, teams) => lobby.queue.news.began(matchId, teams),
      left: (...news) => lobby.queue.news.left(...news),
      roomChanged: (room) => lobby.queue.news.roomChanged(room),
      ended: (matchId) => lobby.queue.news.ended(matchId),
      seats: seats.update,
      gone: seats.close,
    },
    modes,
    sandbox: (run) => run(),
    clock,
    time,
    newId,
    log,
    seats: { ...seats, isFree: (playerId) => !seats.isSeated(playerId) && !lobby.queue.isQueued(playerId) },
  })
  const matchService = { ...matches, isOpen: isHealthy }
  const lobby = createLobby({
    modes,
    matchService,
    seats,
    clock,
    time,
    newId,
    log,
    fail,
    archives,
    isFormer: () => parts.isSuperseded(life),
  })
  let stopHeartbeat: Cancel = () => {}

  const service: Service = {
    life,
    matches,
    seats,
    gateway,
    lobby,
    fencedFrom,
    openSince: null,
    connect(playerId) {
      const id = `${playerId}.${parts.newConnectionNumber()}`
      const position = { epoch: 0, seq: 0 }
      const connection: Connection = { id, playerId, life, isOpen: true, place: null, position, heardAt: 0 }
      gateway.open(connection)
      lobby.arrived(playerId)
      return connection
    },
    disconnect(connection) {
      gateway.close(connection)
      lobby.departed(connection.playerId)
    },
    async handle(connection, command) {
      if (!connection.isOpen) throw new Error('this connection is closed')
      return (await ask(connection, command)) as Answer
    },
    async stop() {
      lobby.queue.drain()
      await matches.letGoAll()
      stopHeartbeat()
      clock.stop()
      await store.beat(clock.now()).catch(() => {})
    },
  }
  async function ask(connection: Connection, command: Command) {
    if (command.event !== 'match:accept' && command.event !== 'match:decline') return gateway.ask(connection, command)
    const member = { matchId: command.payload.matchId as MatchId, playerId: connection.playerId as PlayerId }
    return matches.answerProposal(member, command.event === 'match:accept' ? 'accepted' : 'declined')
  }
  async function start(): Promise<void> {
    await restoreMatches({
      store,
      matches,
      modes,
      clock,
      log,
      setAside: new Map<MatchId, string>(),
      waitingMatches: waitingMatchesOn(records),
      gap: gapSince(await store.lastBeat(), clock.now()),
      aborted: () => {},
    })
    const heartbeatClock: Clock = { ...clock, ...ticking }
    stopHeartbeat = startHeartbeat(store, heartbeatClock, log).stop
    service.openSince = clock.now()
  }
  return { service, started: start() }
}

// The core catches a step that throws and ends its match; here it counts as a fault all the same.
function watchedLog(fail: SimulationParts['fail'], trace: SimulationParts['trace']): Log {
  const say = (fields: object, phrase: string) => trace(() => `  log: ${phrase} ${JSON.stringify(fields)}`)
  return {
    debug: say,
    info: say,
    warn: say,
    error(fields, phrase) {
      say(fields, phrase)
      if (phrase.endsWith('match aborted')) fail('[MT14] no step is at fault', `${phrase}: ${faultIn(fields)}`)
    },
  }
}
const faultIn = (fields: object): string =>
  'err' in fields && fields.err instanceof Error ? String(fields.err.stack) : ''
