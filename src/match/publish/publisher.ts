import type { MatchContext } from '../../machines/match/match-context.ts'
import type { Elapsed, Log } from '../../ports.ts'
import { walled } from '../../util/walls.ts'
import type { Connections } from '../connections.ts'
import type { MatchStore } from '../match-store.ts'
import type { ModeRules } from '../mode-rules.ts'
import type { Audience, MatchNews } from '../ports.ts'
import type { MatchRegistry } from '../registry.ts'
import type { Listener } from '../runtime/match-runtime.ts'
import { createLinePublisher } from './lines.ts'
import { createNewsPublisher, newlyLeft } from './news.ts'

interface PublisherParts {
  registry: MatchRegistry
  modeRules: ModeRules
  audience: Audience
  connections: Connections
  /** Each function handles its own faults. */
  news: MatchNews
  store: MatchStore
  elapsed: Elapsed
  log: Log
}

/** Publishes stored steps: first the lines to the members, then who sits where and the news to the lobby's side. */
export function createPublisher({
  registry,
  modeRules,
  audience,
  connections,
  news,
  store,
  elapsed,
  log,
}: PublisherParts): Listener {
  const publishLines = createLinePublisher({ modeRules, audience, connections, elapsed, log })
  const { publish, tellFenced } = createNewsPublisher({ news, log })

  function releaseLeavers(before: MatchContext, { matchId, seats, spectators }: MatchContext): void {
    for (const { playerId } of newlyLeft(before.seats, seats)) connections.release(matchId, playerId)
    if (before.spectators === spectators) return
    const stillHere = new Set(spectators.map(({ playerId }) => playerId))
    for (const { playerId } of before.spectators) if (!stillHere.has(playerId)) connections.release(matchId, playerId)
  }

  function close({ matchId, outcome, result }: MatchContext): void {
    if (outcome) connections.dismiss(matchId, { outcome, ...(result && { result }) })
    const runtime = registry.get(matchId)
    if (runtime) registry.remove(runtime)
    store.remove(matchId).catch((fault: unknown) => log.error({ match: matchId, err: fault }, 'match was not removed'))
  }

  return {
    committed(stored) {
      const { before, after } = stored
      const { matchId } = after.context
      const published = publishLines(stored)
      return published ? published.then(follow) : follow()

      // The step is stored: from here on a fault is logged and changes nothing.
      function follow(): void {
        walled(log, { match: matchId }, () => {
          registry.tellSeats(before, after)
          publish(stored)
        })
        walled(log, { match: matchId }, () => {
          if (after.state === 'closed') close(after.context)
          else releaseLeavers(before.context, after.context)
        })
      }
    },
    fenced(runtime) {
      log.error({ match: runtime.id }, 'match is owned by another node, stopped it here')
      registry.remove(runtime)
      tellFenced(runtime.snapshot)
    },
  }
}
