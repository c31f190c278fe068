import type { Clock, EpochMs, Log } from '../../ports.ts'
import type { Origins } from './origin.ts'

// An operator sees each refused origin at once; a client that makes origins up cannot fill the log.
const WINDOW_MS = 600_000
const MOST_ORIGINS = 20
const MOST_CHARS = 200

/** Logs each refused origin once in ten minutes, with the setting that would allow it. */
export function logRefusedOrigins({ settingFor }: Pick<Origins, 'settingFor'>, clock: Pick<Clock, 'now'>, log: Log) {
  const logged = new Set<string>()
  let since: EpochMs = Number.NEGATIVE_INFINITY

  return (given: string): void => {
    const origin = given.slice(0, MOST_CHARS)
    if (clock.now() >= since + WINDOW_MS) {
      logged.clear()
      since = clock.now()
    }
    if (logged.has(origin) || logged.size >= MOST_ORIGINS) return
    logged.add(origin)
    const setting = origin === given ? settingFor(given) : null
    const toAllow =
      setting ?? 'a page without an origin of its own (a file, a sandboxed frame) is let in by ALLOWED_ORIGINS=*'
    log.warn({ origin, toAllow }, 'page of another origin was refused')
  }
}
