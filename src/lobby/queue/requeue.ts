import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { CancelledMatch, MatchService, People } from '../ports.ts'
import { tellCancelled } from '../tell-cancelled.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Excuses } from './penalties/excuses.ts'
import type { Entries, Entry } from './tickets.ts'

interface RequeueParts {
  entries: Entries
  lifecycle: Lifecycle
  /** Somebody has let a match down. */
  punish: (playerId: PlayerId, reason: string) => Promise<void>
  excuses: Excuses
  matchService: MatchService
  people: People
  isTogether: (entry: Entry) => boolean
  isDrained: () => boolean
}

/** From a match that came to nothing back to the search, for those who can do nothing for it. */
export function createRequeue({ entries, lifecycle, punish, excuses, matchService, people, ...parts }: RequeueParts) {
  function cancelled(match: CancelledMatch): void {
    if (match.isOver) broughtDown(match)
    else goesOnWithout(match)
  }

  /** Who declined is out of a match that goes on. */
  function goesOnWithout({ matchId, reason, wasProposed, others }: CancelledMatch): void {
    const leavers = new Set(others.map(({ playerId }) => playerId))
    const news = { matchId, reason, wasProposed, requeued: false }
    for (const playerId of leavers) tellCancelled(people, playerId, news)
    for (const entry of waitingFor(matchId, leavers)) {
      lifecycle.leaveOut(entry, ({ id }) => leavers.has(id), reasonFor(matchId, entry, leavers))
    }
  }

  /** Who let the match down is out, and waits; tickets of which nobody did search on as old as they were. */
  function broughtDown({ matchId, reason, wasProposed, innocent, others }: CancelledMatch): void {
    // Whoever answered while nothing could be stored has kept their part.
    const kept = others.filter(({ playerId }) => excuses.of(matchId, playerId) === 'unheard')
    const guilty = new Set(others.filter((one) => !kept.includes(one)).map(({ playerId }) => playerId))
    const concerned = new Set([...innocent, ...others].map(({ playerId }) => playerId))
    const waiting = waitingFor(matchId, concerned)
    const former = lifecycle.seated.of(matchId).filter(({ members }) => members.some(({ id }) => concerned.has(id)))
    const back = [...waiting, ...former].filter((entry) => mayReturn(entry, waiting, guilty))
    const reasons = new Map([...waiting].map((entry) => [entry, reasonFor(matchId, entry, guilty)]))
    const requeue = new Set(back.flatMap(({ members }) => members.map(({ id }) => id)))
    lifecycle.seated.ended(matchId)
    for (const playerId of concerned) {
      tellCancelled(people, playerId, { matchId, reason, wasProposed, requeued: requeue.has(playerId) })
      const isExcused = excuses.of(matchId, playerId) !== undefined || reason === 'operator'
      if (guilty.has(playerId) && !isExcused) void punish(playerId, reason)
    }
    excuses.forget(matchId)
    for (const entry of waiting) if (!back.includes(entry)) stayOut(entry, reasons.get(entry) ?? 'cancelled')
    for (const entry of back) {
      if (waiting.has(entry)) lifecycle.search(entry)
      else void lifecycle.reopen(entry)
    }
  }

  // While the process stops, the tickets of those who kept their part wait for the next start.
  function stayOut(entry: Entry, reason: 'declined' | 'cancelled'): void {
    if (reason === 'declined' || !parts.isDrained()) lifecycle.end(entry, reason)
  }

  /** How a ticket ends: a leave that crossed with the proposal is a leave like any other. */
  function reasonFor(matchId: MatchId, { members }: Entry, guilty: ReadonlySet<PlayerId>): 'declined' | 'cancelled' {
    const blamed = members.filter(({ id }) => guilty.has(id))
    return blamed.some(({ id }) => excuses.of(matchId, id) !== 'crossed') ? 'declined' : 'cancelled'
  }

  /** A ticket that waited for all to accept searches on; one that ended has a successor, if all of it are here and free. */
  function mayReturn(entry: Entry, waiting: ReadonlySet<Entry>, guilty: ReadonlySet<PlayerId>): boolean {
    if (parts.isDrained() || entry.members.some(({ id }) => guilty.has(id)) || !parts.isTogether(entry)) return false
    return entry.members.every(({ id }) => {
      const current = entries.of(id)
      return current ? waiting.has(current) : people.isOnline(id) && !matchService.isSeated(id)
    })
  }

  /** The tickets of these players that wait for this match. */
  function waitingFor(matchId: MatchId, players: ReadonlySet<PlayerId>): Set<Entry> {
    const tickets = [...players].flatMap((id) => entries.of(id) ?? [])
    return new Set(tickets.filter(({ standing }) => standing.is === 'matching' && standing.matchId === matchId))
  }

  return { cancelled }
}
