import type { Mode } from '../config/modes.ts'
import { atOnce, type Clock, type Elapsed, type Log, type LoopTurns, type NewId } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { ServiceTime } from '../util/outage.ts'
import { walledListener } from '../util/walls.ts'
import { createAsk, createInsist } from './commands/ask.ts'
import { createCommands } from './commands/commands.ts'
import { createOfferSeats } from './commands/offer-seats.ts'
import { createSeatCommands } from './commands/seats.ts'
import { createSpectators } from './commands/spectators.ts'
import { createConnections } from './connections.ts'
import { createInspection } from './inspect.ts'
import { createJoin } from './join.ts'
import type { MatchStore } from './match-store.ts'
import { createModeRules } from './mode-rules.ts'
import type { Audience, MatchNews, MaySpectate, Seats } from './ports.ts'
import { createPublisher } from './publish/publisher.ts'
import { createMatchRegistry } from './registry.ts'
import { createRunning } from './running.ts'
import { createMatchService } from './service.ts'

export interface MatchesParts {
  store: MatchStore
  audience: Audience
  news: MatchNews
  modes: ReadonlyMap<string, Mode>
  sandbox: Parameters<typeof createModeRules>[0]['sandbox']
  sharedSandbox?: Parameters<typeof createModeRules>[0]['sharedSandbox']
  /** Called with the id of the match whose rules are about to run, and with '' when they are done. */
  working?: (on: MatchId | '', mode?: string) => void
  clock: Clock
  time: ServiceTime
  /** The turns of the loop in which matches run; by default at once. */
  turns?: LoopTurns
  elapsed?: Elapsed
  newId: NewId
  log: Log
  seats: Seats
  /** Without it, everyone may watch. */
  maySpectate?: MaySpectate
}
/** The matches that this node owns. */
export type Matches = ReturnType<typeof createMatches>

export function createMatches(parts: MatchesParts) {
  const { store, audience, modes, sandbox, working, clock, time, log, seats } = parts
  const { turns = atOnce, elapsed = () => 0 } = parts
  // A fault in a listener does not affect the match.
  const news = walledListener(parts.news, parts.log)
  const registry = createMatchRegistry(news)
  const modeRules = createModeRules({ modes, sandbox, sharedSandbox: parts.sharedSandbox, working, clock })
  const connections = createConnections(audience)
  const ask = createAsk(log)
  const insist = createInsist({ clock, log })
  const listener = createPublisher({ registry, modeRules, audience, connections, news, store, elapsed, log })
  const maySpectate = parts.maySpectate ?? (() => true)
  const join = createJoin({ registry, modeRules, store, ask, news, maySpectate })
  const inspection = createInspection({ registry, modeRules, store, ask })
  const seatCommands = createSeatCommands({ registry, connections, ask, insist })
  const { quit } = seatCommands
  const offerSeats = createOfferSeats({ registry, ask, quit })
  const { lobbyChanged } = createSpectators({ registry, maySpectate, insist })
  const shared = { registry, modeRules, store, audience, listener, quit, turns, elapsed }
  const { open, restore } = createRunning({ ...parts, ...shared })
  const commands = createCommands({ registry, modeRules, ask, open, seats, news, log })

  const service = createMatchService({ connections, modes, join, commands: commands.requests, seatCommands })

  time.onOutage((outageMs) => {
    for (const runtime of registry.all()) runtime.addBack(outageMs)
  })

  /** Call after the restore: a process may have ended between storing a rematch and announcing it. */
  async function announceRematches(): Promise<void> {
    for (const { id, snapshot } of registry.all()) {
      const former = registry.get(snapshot.context.rematchOf ?? id)
      if (former && former.id !== id) await commands.agreeRematch(former, id)
    }
  }

  /** Ends every match as aborted, for a stop without `DATA_DIR`. */
  async function abortAll(): Promise<void> {
    await Promise.allSettled(registry.all().map((runtime) => runtime.post(() => ({ type: 'match.faulted' }))))
  }

  /** Stops every match and leaves it stored for the next start. */
  async function letGoAll(): Promise<void> {
    await Promise.allSettled(registry.all().map((runtime) => runtime.post(() => null)))
    for (const runtime of registry.all()) {
      runtime.letGo()
      registry.remove(runtime)
    }
  }

  const { giveUp, setAside, size } = registry
  const starting = { open, restore, announceRematches, giveUp, setAside }
  return {
    ...starting,
    service,
    ...inspection,
    quit,
    answerProposal: seatCommands.answerProposal,
    offerSeats,
    lobbyChanged,
    abortAll,
    letGoAll,
    size,
    /** The number of connections that are in a match. */
    connections: connections.size,
  }
}
