import type { Mode } from '../../src/config/modes.ts'
import { createPresence } from '../../src/lobby/people/presence.ts'
import type { MatchService, People } from '../../src/lobby/ports.ts'
import { createQueue } from '../../src/lobby/queue/queue.ts'
import type { SeatIndex } from '../../src/lobby/seats/seat-index.ts'
import type { Clock, EpochMs, Log, NewId } from '../../src/ports.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import type { ServiceTime } from '../../src/util/outage.ts'
import type { Archives } from './check-writes.ts'
import type { Fail } from './violations.ts'

// The wait for players who are away; see QU6.
const TICKET_WAITS_MS = 15_000

interface LobbyParts {
  modes: ReadonlyMap<string, Mode>
  matchService: MatchService
  seats: SeatIndex
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
  fail: Fail
  archives: Archives
  /** Whether another process has taken over from this one. */
  isFormer: () => boolean
}

/** `/lobby` of one process without sockets, around the real queue. */
export function createLobby({
  modes,
  matchService,
  seats,
  clock,
  time,
  newId,
  log,
  fail,
  archives,
  isFormer,
}: LobbyParts) {
  const presence = createPresence()
  const ended = new Set<string>()
  /** Since when players are away, and the outage in that time. */
  const away = new Map<string, { since: EpochMs; lostMs: number }>()

  function hear(playerId: string, event: string, said: unknown): void {
    const { ticketId, matchId, reason } = said as { ticketId?: string; matchId?: string; reason?: string }
    const absence = away.get(playerId)
    if (reason === 'expired' && absence && clock.now() - absence.since - absence.lostMs < TICKET_WAITS_MS)
      fail('[ST45] a stall ends no ticket', `${playerId} ${ticketId}`)
    if (event === 'queue:ended' && ticketId !== undefined) {
      if (ended.has(ticketId)) fail('[QU5] a ticket ends once', ticketId)
      ended.add(ticketId)
    }
    // A former owner may have tried to open a match, and reports that it failed.
    if (matchId !== undefined && !archives.has(matchId) && !isFormer())
      fail('[MT12] nothing is told before it is stored', `${event} ${JSON.stringify(said)}`)
  }
  const people: People = {
    isOnline: presence.isOnline,
    tell: (playerId, event, ...args) => hear(playerId, event, args[0]),
  }
  const queue = createQueue({
    modes,
    regions: [],
    matchService: watched(matchService),
    seats,
    people,
    groups: { groupOf: () => null },
    blocks: { of: () => [] },
    ratings: { of: async () => ({ mu: 1_500, sigma: 500 }) },
    records: openMemoryRecordStore(),
    originOf: () => null,
    hasPlayed: () => true,
    isLasting: false,
    journal: null,
    statusChanged: () => {},
    clock,
    time,
    newId,
    log,
  })

  function watched(to: MatchService): MatchService {
    return {
      ...to,
      open(mode, players) {
        const gone = players.filter(({ playerId }) => !presence.isOnline(playerId))
        if (gone.length > 0) fail('[QU6] nobody is matched with who is gone', JSON.stringify(gone))
        return to.open(mode, players)
      },
    }
  }

  return {
    queue,
    join: (playerId: string, mode: string) => void queue.join({ id: playerId as PlayerId, name: playerId }, { mode }),
    async leave(playerId: string): Promise<void> {
      await queue.leave(playerId as PlayerId)
    },
    /** Adds a stall of the process. */
    stalled(ms: number): void {
      for (const absence of away.values()) absence.lostMs += ms
    },
    arrived(playerId: string): void {
      away.delete(playerId)
      if (presence.arrived(playerId as PlayerId)) queue.arrived(playerId as PlayerId)
    },
    departed(playerId: string): void {
      if (!presence.departed(playerId as PlayerId)) return
      away.set(playerId, { since: clock.now(), lostMs: 0 })
      queue.departed(playerId as PlayerId)
    },
  }
}
export type Lobby = ReturnType<typeof createLobby>
