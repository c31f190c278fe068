import type { Log } from '../ports.ts'
import { startedByRulesOf } from './sandbox.ts'

/**
 * What is left when a fault has passed every wall. What a game's rules have started on the side (a timer, a promise)
 * harms nobody: it is logged, and the service goes on. Of anything else nobody knows what it has broken: the process
 * ends with code 1, and the next start brings back what was stored.
 */
export function endOnFaults(log: Log): void {
  process.on('unhandledRejection', (fault) => {
    log.error({ match: startedByRulesOf(), err: fault }, 'a promise was rejected and nobody waited for it')
  })
  process.on('uncaughtException', (fault) => {
    const match = startedByRulesOf()
    if (match !== undefined) return log.error({ match, err: fault }, 'rules failed in something that they had started')
    log.error({ err: fault }, 'a fault was not caught, ending the process')
    process.exit(1)
  })
}
