import type { Clock, EpochMs, Log } from '../../ports.ts'
import type { Origins } from './origin.ts'

// Whoever sets a server up sees each origin at once; whoever makes origins up does not fill the log.
const WINDOW_MS = 600_000
const MOST_ORIGINS = 20
const MOST_CHARS = 200

/** Logs which pages were turned away, each once in ten minutes, with the line of the settings that lets it in. */
export function tellRefusedOrigins({ lineFor }: Pick<Origins, 'lineFor'>, clock: Pick<Clock, 'now'>, log: Log) {
  const told = new Set<string>()
  let since: EpochMs = Number.NEGATIVE_INFINITY

  return (given: string): void => {
    const origin = given.slice(0, MOST_CHARS)
    if (clock.now() >= since + WINDOW_MS) {
      told.clear()
      since = clock.now()
    }
    if (told.has(origin) || told.size >= MOST_ORIGINS) return
    told.add(origin)
    const line = origin === given ? lineFor(given) : null
    const toAllow =
      line ?? 'a page without an origin of its own (a file, a sandboxed frame) is let in by ALLOWED_ORIGINS=*'
    log.warn({ origin, toAllow }, 'page of another origin was refused')
  }
}
