import type { Log } from '../ports.ts'
import { startedByRulesOf } from './sandbox.ts'

/**
 * Handles faults that nothing caught. A fault in a timer or promise that a game's rules started is logged, and the
 * service goes on. After any other exception the state is unknown: the process ends with code 1, and the next start
 * restores what is stored.
 */
export function endOnFaults(log: Log): void {
  process.on('unhandledRejection', (fault) => {
    log.error({ match: startedByRulesOf(), err: fault }, 'unhandled promise rejection')
  })
  process.on('uncaughtException', (fault) => {
    const match = startedByRulesOf()
    if (match !== undefined) return log.error({ match, err: fault }, 'a timer or promise of the rules failed')
    log.error({ err: fault }, 'uncaught exception, ending the process')
    process.exit(1)
  })
}
