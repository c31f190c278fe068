import { createHistogram } from 'node:perf_hooks'
import { createFaults } from './faults.ts'
import { createLedger } from './ledger/ledger.ts'
import { createMatches, type Size } from './ledger/matches.ts'
import { createTickets } from './ledger/tickets.ts'

// What the shipped modes seat; of any other mode a client knows only that it takes company.
const SIZES: Readonly<Record<string, Size>> = {
  duel: { min: 2, max: 2 },
  tictactoe: { min: 2, max: 2 },
  party: { min: 2, max: 8 },
  squad: { min: 10, max: 10 },
}
const ANY_SIZE: Size = { min: 2, max: Number.POSITIVE_INFINITY }

export type Run = ReturnType<typeof openRun>

/** What the bots of a run share: the options and the records. */
export function openRun({ mode, rate }: { mode: string; rate: number }) {
  const faults = createFaults()
  // In microseconds; takes the same room however long the run.
  const latency = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 })
  return {
    mode,
    /** Messages per second and bot. */
    rate,
    /** When to begin nothing new, on the clock of `performance.now()`. */
    endsAt: Number.POSITIVE_INFINITY,
    /** The server has announced that it is draining. */
    isDraining: false,
    /** The bots are leaving: from now on connections end as expected. */
    isOver: false,
    faults,
    /** Requests that were refused: no fault, as long as the bot gets on. */
    refusals: createFaults(),
    ledger: createLedger(),
    tickets: createTickets(faults.blame),
    matches: createMatches(SIZES[mode] ?? ANY_SIZE, faults.blame),
    latency,
    record: (ms: number): void => latency.record(Math.max(1, Math.round(ms * 1000))),
  }
}
