import type { Fault, Kind } from '../faults.ts'
import { type AckCount, checkAcks } from './acks.ts'
import { checkHearing } from './hearing.ts'
import type { History } from './history.ts'
import { checkLog, composeLogs } from './logs.ts'
import { checkForfeits, checkPresence, checkRecord } from './seats.ts'

export interface Verdict extends AckCount {
  faults: readonly Fault[]
  /** Lines of logs that reached a client while it was connected. */
  heard: number
  /** Matches that at least one client saw something of. */
  matches: number
  /** Seats that were given up with good reason: their bots were not back in time. */
  late: number
}

/** Checks a run by everything that its clients saw, and by the store after it. */
export function check(history: History): Verdict {
  const faults: Fault[] = []
  const blame = (kind: Kind, what: string) => void faults.push({ kind, what })
  const logs = composeLogs(history, blame)
  const verdict = { faults, acked: 0, retried: 0, again: 0, unproven: 0, heard: 0, matches: logs.size, late: 0 }

  for (const log of logs.values()) {
    checkLog(log, history, blame)
    checkRecord(log, history, blame)
    verdict.late += checkForfeits(log, history, blame)
  }
  for (const diary of history.diaries) {
    verdict.heard += checkHearing(diary, blame)
    checkPresence(diary, logs, history, blame)
    const { acked, retried, again, unproven } = checkAcks(diary, logs, blame)
    verdict.acked += acked
    verdict.retried += retried
    verdict.again += again
    verdict.unproven += unproven
  }
  return verdict
}
