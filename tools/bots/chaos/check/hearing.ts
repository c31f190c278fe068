import type { Blame } from '../faults.ts'
import type { Asked, Diary, Line } from './history.ts'

/** Where one client stood in one match. */
interface Place {
  /** The last line that it has heard, or that a reply named. */
  known: number
  epoch: number
}

/**
 * Checks gapless delivery: on one connection each line comes once and in order, from the position of the join or sync;
 * and a returning bot finds at least what was known before. Returns the number of lines heard live.
 */
export function checkHearing({ playerId, entries }: Diary, blame: Blame): number {
  const places = new Map<string, Place>()
  let here: { matchId: string; seq: number } | null = null
  let heard = 0

  function know(matchId: string, epoch: number | null, seq: number): void {
    const place = places.get(matchId) ?? { known: 0, epoch: 0 }
    if (epoch !== null && epoch < place.epoch)
      blame('other', `${playerId} was in epoch ${place.epoch} of ${matchId} and then in ${epoch}`)
    places.set(matchId, { known: Math.max(place.known, seq), epoch: Math.max(place.epoch, epoch ?? 0) })
  }

  function hear(matchId: string, { epoch, seq }: Line): void {
    heard += 1
    const what = `line ${seq} of ${matchId}`
    if (here?.matchId !== matchId) return blame('other', `${playerId} heard ${what} without being in it`)
    if (seq <= here.seq) blame('duplicated', `${playerId} heard ${what} twice on one connection`)
    if (seq > here.seq + 1) blame('gaps', `${playerId} heard ${what} right after line ${here.seq}`)
    here = { matchId, seq: Math.max(here.seq, seq) }
    know(matchId, epoch, seq)
  }

  function arrive({ event, matchId, asking, reply }: Asked): void {
    if (!matchId || !reply?.ok || reply.seq === undefined || reply.epoch === undefined) return
    const { seq, epoch, events = [] } = reply
    const known = places.get(matchId)?.known ?? 0
    if (seq < known) blame('lost', `${playerId} knew line ${known} of ${matchId}, which then ended with line ${seq}`)
    if (asking.since?.epoch === epoch && asking.since.seq <= seq) checkTail(asking.since.seq, seq, events, matchId)
    // A sync may be answered when the connection has gone on to another match.
    if (event === 'match:join' || here?.matchId === matchId) here = { matchId, seq }
    know(matchId, epoch, seq)
  }

  function checkTail(since: number, seq: number, events: readonly Line[], matchId: string): void {
    const isWhole = events.length === seq - since && events.every((line, n) => line.seq === since + 1 + n)
    const got = events.map((line) => line.seq).join(' ')
    if (!isWhole) blame('gaps', `${playerId} asked for lines ${since + 1} to ${seq} of ${matchId} and got [${got}]`)
  }

  for (const entry of entries) {
    if (entry.is === 'disconnected') here = null
    if (entry.is === 'heard') hear(entry.matchId, entry.line)
    if (entry.is !== 'asked' || !entry.reply?.ok) continue
    if (entry.event === 'match:join' || entry.event === 'match:sync') arrive(entry)
    if (entry.event === 'match:leave') here = null
    if (entry.event === 'match:act' && entry.matchId) know(entry.matchId, null, entry.reply.seq ?? 0)
  }
  return heard
}
