import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Log } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'

const MOST_STALLS = 3
/** Of older ones nobody asks any more. */
const MOST_KEPT = 100

/** What the watchdog noted when it ended a process. */
interface Stall {
  at: number
  stillMs: number
  busyMs: number
  /** Which match the rules were at work on, and of which mode; '' for none. */
  match: string
  mode: string
  /** The request that was answered last. */
  event: string
  /** Whether a start has told of it. */
  isTold?: boolean
}

/** The matches that were at work too often when the watchdog ended the process, by its notes, and what to say of them. */
export function matchesThatStalled(notePath: string): Map<MatchId, string> {
  const counts = new Map<MatchId, number>()
  for (const { match } of stallsIn(notePath)) {
    if (match) counts.set(match as MatchId, (counts.get(match as MatchId) ?? 0) + 1)
  }
  const often = [...counts].filter(([, count]) => count >= MOST_STALLS)
  return new Map(often.map(([name, count]) => [name, `the process stood still ${count} times while it was at work`]))
}

/** Says, once, why the watchdog ended the processes before this one. */
export function tellStalls(notePath: string, log: Log): void {
  const stalls = stallsIn(notePath)
  const untold = stalls.filter(({ isTold }) => !isTold)
  if (untold.length === 0) return
  for (const { isTold: _told, ...stall } of untold) {
    log.warn(stall, 'an earlier process was ended by its watchdog, since its loop stood still')
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

// An older watchdog noted the match alone.
function stallOf(line: string): Stall {
  const bare = { at: 0, stillMs: 0, busyMs: 0, match: line, mode: '', event: '' }
  if (!line.startsWith('{')) return bare
  try {
    return { ...bare, match: '', ...(JSON.parse(line) as Partial<Stall>) }
  } catch {
    return { ...bare, match: '' }
  }
}
