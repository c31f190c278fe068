import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Log } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'

const MOST_STALLS = 3
/** Older notes are deleted. */
const MOST_KEPT = 100

/** The watchdog's note of ending a process. */
interface Stall {
  at: number
  stillMs: number
  busyMs: number
  /** The match, and its mode, whose rules were running; '' for none. */
  match: string
  mode: string
  /** The request that was answered last. */
  event: string
  /** Whether a start has logged it. */
  isTold?: boolean
}

/** The matches whose rules were running in at least three stalls, and the reason to set them aside. */
export function matchesThatStalled(notePath: string): Map<MatchId, string> {
  const counts = new Map<MatchId, number>()
  for (const { match } of stallsIn(notePath)) {
    if (match) counts.set(match as MatchId, (counts.get(match as MatchId) ?? 0) + 1)
  }
  const often = [...counts].filter(([, count]) => count >= MOST_STALLS)
  return new Map(often.map(([name, count]) => [name, `the process stood still ${count} times while it was at work`]))
}

/** Logs, once each, why the watchdog ended earlier processes. */
export function logStalls(notePath: string, log: Log): void {
  const stalls = stallsIn(notePath)
  const unlogged = stalls.filter(({ isTold }) => !isTold)
  if (unlogged.length === 0) return
  for (const { isTold: _told, ...stall } of unlogged) {
    log.warn(stall, 'watchdog ended an earlier process, since its loop stood still')
  }
  const kept = stalls.slice(-MOST_KEPT).map((stall) => JSON.stringify({ ...stall, isTold: true }))
  try {
    writeFileSync(notePath, `${kept.join('\n')}\n`)
  } catch (err) {
    log.warn({ err }, 'the notes of the watchdog could not be written')
  }
}

function stallsIn(notePath: string): Stall[] {
  const lines = existsSync(notePath) ? readFileSync(notePath, 'utf8').split('\n').filter(Boolean) : []
  return lines.map(stallOf)
}

// Older notes are the match's id alone.
function stallOf(line: string): Stall {
  const bare = { at: 0, stillMs: 0, busyMs: 0, match: line, mode: '', event: '' }
  if (!line.startsWith('{')) return bare
  try {
    return { ...bare, match: '', ...(JSON.parse(line) as Partial<Stall>) }
  } catch {
    return { ...bare, match: '' }
  }
}
