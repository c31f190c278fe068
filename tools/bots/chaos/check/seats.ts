import type { Blame } from '../faults.ts'
import type { Diary, Entry, History, Life, Line } from './history.ts'
import { endedAt, type Log, type Logs } from './logs.ts'

const GONE: ReadonlySet<string> = new Set(['NOT_FOUND', 'MATCH_ABORTED', 'MATCH_ENDED'])

/** The longest that one life of the server went on between two instants, in ms: with each, the grace begins anew. */
const upBetween = (lives: readonly Life[], from: number, to: number): number =>
  lives.reduce((most, { readyAt, killedAt }) => Math.max(most, Math.min(to, killedAt) - Math.max(from, readyAt)), 0)

/** Whether the match was empty for a whole grace while a server was up: it was given up rightly. */
function wasDeserted({ diaries, lives, graceMs }: History, matchId: string, at: number): boolean {
  const lastAt = Math.max(...diaries.map(({ entries }) => lastIn(entries, matchId, at)))
  return upBetween(lives, lastAt, at) >= graceMs
}

/** The last instant up to `at` in which a client was in a match, 0 when it never was. */
function lastIn(entries: readonly Entry[], matchId: string, at: number): number {
  let lastAt = 0
  let isIn = false
  for (const entry of entries) {
    if (entry.at >= at) break
    if (isIn) lastAt = entry.at
    if (entry.is === 'disconnected') isIn = false
    if (entry.is === 'asked' && entry.event === 'match:leave') isIn = false
    if (entry.is === 'asked' && entry.event === 'match:join' && entry.reply?.ok) isIn = entry.matchId === matchId
  }
  return isIn ? at : lastAt
}

/**
 * Reports each seat that was given up although its player had less than the whole grace while a server was up, or came
 * back within it. Returns the number of seats given up rightly: their bots were late.
 */
export function checkForfeits(log: Log, history: History, blame: Blame): number {
  const { lives, graceMs, joinMs, diaries } = history
  const lines = [...log.lines.values()].sort((a, b) => a.seq - b.seq)
  const players = new Map<number, string>()
  let late = 0
  for (const line of lines) {
    if (line.type === 'player.joined') players.set(line.seat, line.playerId)
    const isForfeit = line.type === 'player.forfeited'
    if (!isForfeit && !(line.type === 'player.left' && line.why === 'noShow')) continue
    const since = lastAway(lines, line) ?? log.lines.get(1)?.at ?? 0
    const upMs = upBetween(lives, since, line.at)
    const what = `seat ${line.seat} of ${log.matchId} was given up (${isForfeit ? 'forfeited' : 'noShow'}, line ${line.seq})`
    const playerId = players.get(line.seat)
    const cameBack = diaries.some(
      (diary) =>
        diary.playerId === playerId && diary.entries.some((entry) => isVisit(entry, log.matchId, since, line.at)),
    )
    if (upMs < (isForfeit ? graceMs : joinMs))
      blame('false forfeits', `${what} after ${upMs} ms in which the server was up`)
    else if (cameBack) blame('false forfeits', `${what} although its player was back`)
    else late += 1
  }
  return late
}

/** When the player of the seat went away for the last time before a line. */
function lastAway(lines: readonly Line[], before: Line & { seat: number | null }): number | null {
  const away = lines.filter((line) => line.type === 'player.away' && line.seat === before.seat && line.seq < before.seq)
  return away.at(-1)?.at ?? null
}

const isVisit = (entry: Entry, matchId: string, since: number, until: number): boolean =>
  entry.is === 'asked' &&
  entry.event === 'match:join' &&
  entry.matchId === matchId &&
  entry.reply?.ok === true &&
  entry.askedAt >= since &&
  entry.at <= until

/** Blames matches that a client was in, that were not over, and that were not there any more. */
export function checkPresence({ playerId, entries }: Diary, logs: Logs, history: History, blame: Blame): void {
  const { stored } = history
  const finished = new Set(stored.results.map(({ matchId }) => matchId))
  const seats = new Map<string, number>()
  let mine: string | null = null

  const isOver = (matchId: string, at: number): boolean => {
    const log = logs.get(matchId)
    // Whether rightly is another question.
    if (log && isGivenUp(log, seats.get(matchId), at)) return true
    const over = log ? endedAt(log) : null
    if (over !== null) return over <= at
    // No client saw it end and it is not on record, but its result shows that it ended.
    return (finished.has(matchId) && !log?.isStored) || wasDeserted(history, matchId, at)
  }
  const lose = (matchId: string, how: string) => blame('matches lost', `${matchId} of ${playerId} ${how}`)

  for (const entry of entries) {
    if (entry.is === 'told') mine = entry.matchId
    if (entry.is === 'closed' && entry.outcome === 'aborted') lose(entry.matchId, 'was aborted')
    if (entry.is === 'closed' && entry.matchId === mine) mine = null
    if (entry.is === 'session') {
      if (mine && entry.matchId !== mine && !isOver(mine, entry.at))
        lose(mine, `was not resumed; the session had ${entry.matchId ?? 'no match'}`)
      mine = entry.matchId ?? (mine && isOver(mine, entry.at) ? mine : null)
    }
    if (entry.is !== 'asked' || !entry.matchId) continue
    if (entry.event === 'match:leave' && entry.matchId === mine) mine = null
    if (entry.event !== 'match:join') continue
    const code = entry.reply?.error?.code ?? ''
    if (typeof entry.reply?.you?.seat === 'number') seats.set(entry.matchId, entry.reply.you.seat)
    if (entry.reply?.ok) mine = entry.matchId
    else if (entry.matchId === mine && GONE.has(code)) {
      if (!isOver(mine, entry.at)) lose(mine, `was refused with ${code}`)
      mine = null
    }
  }
}

const isGivenUp = ({ lines }: Log, seat: number | undefined, at: number): boolean =>
  [...lines.values()].some(
    (line) => (line.type === 'player.forfeited' || line.type === 'player.left') && line.seat === seat && line.at <= at,
  )

/**
 * Reports matches that no client saw end and that are no longer on record, and results that were told but not stored.
 */
export function checkRecord(log: Log, history: History, blame: Blame): void {
  const { stored } = history
  const { matchId } = log
  if (stored.damaged.includes(matchId)) blame('matches lost', `${matchId} was set aside as damaged`)
  const result = [...log.lines.values()].find((line) => line.type === 'result.final')
  const kept = stored.results.filter((one) => one.matchId === matchId)
  if (result?.type === 'result.final' && JSON.stringify(kept[0]?.placements) !== JSON.stringify(result.placements))
    blame('lost', `the result of ${matchId} was told in line ${result.seq} and is not on record like that`)
  const isOver = endedAt(log) !== null || wasDeserted(history, matchId, Number.POSITIVE_INFINITY)
  if (!isOver && !log.isStored && kept.length === 0)
    blame('matches lost', `${matchId} did not end and is not on record`)
}
