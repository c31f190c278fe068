import { isDeepStrictEqual } from 'node:util'
import type { Blame } from '../faults.ts'
import type { History, Line } from './history.ts'

/** The log of one match, composed from the store and from all clients. */
export interface Log {
  matchId: string
  lines: ReadonlyMap<number, Line>
  /** The last line that anybody knows of. */
  seq: number
  /** The match is on record, with all its lines. */
  isStored: boolean
}
export type Logs = ReadonlyMap<string, Log>
type Draft = Omit<Log, 'lines'> & { lines: Map<number, Line> }

/** Composes the logs of all matches, and reports contradictions. */
export function composeLogs({ stored, diaries }: History, blame: Blame): Logs {
  const logs = new Map<string, Draft>()

  function logOf(matchId: string): Draft {
    const log = logs.get(matchId) ?? { matchId, lines: new Map(), seq: 0, isStored: false }
    logs.set(matchId, log)
    return log
  }
  function see(matchId: string, line: Line, where: string): void {
    const log = logOf(matchId)
    const known = log.lines.get(line.seq)
    if (!known) {
      if (log.isStored) blame('lost', `line ${line.seq} of ${matchId}, ${where}, is not in the store`)
      log.lines.set(line.seq, told(line))
      log.seq = Math.max(log.seq, line.seq)
    } else if (!isDeepStrictEqual(known, told(line))) {
      blame(
        'duplicated',
        `line ${line.seq} of ${matchId} is there twice: ${textOf(known)} and, ${where}, ${textOf(line)}`,
      )
    }
  }

  for (const { matchId, seq, lines } of stored.matches) {
    for (const line of lines) see(matchId, line, 'in the store')
    Object.assign(logOf(matchId), { seq, isStored: true })
  }
  for (const { playerId, entries } of diaries) {
    for (const entry of entries) {
      if (entry.is === 'heard') see(entry.matchId, entry.line, `heard by ${playerId}`)
      if (entry.is !== 'asked' || !entry.matchId) continue
      for (const line of entry.reply?.events ?? []) see(entry.matchId, line, `replayed to ${playerId}`)
    }
  }
  return logs
}

/** Reports faults within one log: gaps, epochs that do not grow, actions and versions out of order. */
export function checkLog(
  { matchId, lines, seq, isStored }: Log,
  { lives }: Pick<History, 'lives'>,
  blame: Blame,
): void {
  const all = [...lines.values()].sort((a, b) => a.seq - b.seq)
  // The clients may have missed lines of a match that is no longer on record.
  if (isStored && all.length < seq)
    blame('gaps', `the log of ${matchId} has ${all.length} lines, the last one is ${seq}`)
  const actions = new Set<string>()
  const versions = new Map<string, number>()
  const newest = new Map<number, number>()
  for (const [n, line] of all.entries()) {
    const before = all[n - 1]
    if (before) checkEpochs(before, line, { matchId, lives, blame })
    if (line.type === 'action' && line.seat !== null) {
      const text = JSON.stringify([line.seat, line.action.type, line.action.data])
      if (actions.has(text)) blame('duplicated', `${text} happened twice in ${matchId}, again with line ${line.seq}`)
      actions.add(text)
      const count = countIn(line.action.data)
      if (count !== null && count < (newest.get(line.seat) ?? 0))
        blame('other', `seat ${line.seat} of ${matchId}: ${count} came after ${newest.get(line.seat)}`)
      if (count !== null) newest.set(line.seat, count)
    }
    if (line.type === 'property.set') {
      const version = versions.get(line.key) ?? 0
      if (isStored && line.version !== version + 1)
        blame('other', `${line.key} of ${matchId} went from version ${version} to ${line.version}`)
      versions.set(line.key, line.version)
    }
  }
}

// Each life of the server owns its matches under an epoch of its own.
function checkEpochs(
  before: Line,
  line: Line,
  { matchId, lives, blame }: Pick<Log, 'matchId'> & Pick<History, 'lives'> & { blame: Blame },
): void {
  const where = `${matchId}, line ${line.seq}`
  if (line.epoch < before.epoch) blame('other', `${where}: epoch ${line.epoch} after ${before.epoch}`)
  const isLater = lives.some(({ killedAt }) => before.at <= killedAt && killedAt < line.at)
  if (isLater && line.epoch === before.epoch)
    blame('other', `${where}: a new process went on under the same epoch ${line.epoch}`)
}

/** The number that a bot gave its action, or null. */
const countIn = (data: unknown): number | null =>
  typeof data === 'object' && data !== null && 'n' in data && typeof data.n === 'number' ? data.n : null

// What a seat saw of the game after a line is its own, and not replayed.
function told(line: Line): Line {
  const { game: _, ...rest } = line as Line & { game?: unknown }
  return rest
}
const textOf = (line: Line): string => JSON.stringify(told(line))

/** The first instant at which a match was over, or null. */
export function endedAt({ lines }: Log): number | null {
  for (const line of lines.values()) {
    if (line.type === 'state.changed' && (line.state === 'ended' || line.state === 'closed')) return line.at
  }
  return null
}
