import { AsyncLocalStorage } from 'node:async_hooks'
import { createContext, Script } from 'node:vm'
import type { MatchId } from '../protocol/ids.ts'

// A step of a game takes far less than a millisecond. The watch goes by the wall: on a machine that is busy with other
// things a good step may take long too, and must not be taken for one that never ends.
const LONGEST_RUN_MS = 1_000

const context = createContext({ run: () => undefined as unknown })
const call = new Script('run()')
let isWatched = false
const atWork = new AsyncLocalStorage<MatchId>()

/**
 * Ends rules that loop for ever: V8 stops whatever runs beneath a script once its time is up, functions of ours included,
 * and the fault ends that match alone. It guards against mistakes, not against hostile code.
 */
export function timedSandbox<T>(run: () => T, on?: MatchId): T {
  // The watch costs more than most rules do: one around a whole step is enough.
  if (isWatched) return run()
  isWatched = true
  context.run = on === undefined ? run : () => atWork.run(on, run)
  try {
    return call.runInContext(context, { timeout: LONGEST_RUN_MS }) as T
  } finally {
    isWatched = false
  }
}

/** The match whose rules have started what is running now, a timer or a promise that nobody waits for; else undefined. */
export const startedByRulesOf = (): MatchId | undefined => atWork.getStore()
