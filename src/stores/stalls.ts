import { existsSync, readFileSync } from 'node:fs'
import type { MatchId } from '../protocol/ids.ts'

const MOST_STALLS = 3

/** The matches that were at work too often when the watchdog ended the process, by its notes, and what to say of them. */
export function matchesThatStalled(notePath: string): Map<MatchId, string> {
  const counts = new Map<MatchId, number>()
  const names = existsSync(notePath) ? readFileSync(notePath, 'utf8').split('\n').filter(Boolean) : []
  for (const name of names as MatchId[]) counts.set(name, (counts.get(name) ?? 0) + 1)
  const often = [...counts].filter(([, count]) => count >= MOST_STALLS)
  return new Map(often.map(([name, count]) => [name, `the process stood still ${count} times while it was at work`]))
}
