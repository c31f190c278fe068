import type { Mode } from '../config/modes.ts'
import { type MatchSnapshot, stepMatch } from '../machines/match/match-step.ts'
import { upToDate } from '../machines/match/migrations.ts'
import { isTaken } from '../machines/match/seats.ts'
import type { Clock, EpochMs, Log } from '../ports.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import { type Gap, gapSince } from '../util/outage.ts'
import type { DamagedMatch, MatchRecord, MatchStore } from './match-store.ts'
import type { Matches } from './matches.ts'
import { playedMatch } from './results/result.ts'

interface RestoringParts {
  store: MatchStore
  matches: Matches
  modes: ReadonlyMap<string, Mode>
  clock: Clock
  log: Log
  /** Matches to abort without running them, and why. */
  setAside: ReadonlyMap<MatchId, string>
  waitingMatches: WaitingMatches
  /** The length of the outage. */
  gap: Gap
  /** Called for each aborted match, with the players who had a seat. */
  aborted: (matchId: MatchId, players: readonly PlayerId[]) => void
}
/** The matches that wait for their mode, and the last sign of life in each. */
export interface WaitingMatches {
  load(): Promise<ReadonlyMap<MatchId, EpochMs>>
  put(matchId: MatchId, since: EpochMs): Promise<void>
  clear(matchId: MatchId): Promise<void>
}
type Readable = MatchRecord & { snapshot: MatchSnapshot }
type Found =
  | ({ is: 'sound' } & Readable)
  /** The match waits: the config lacks its mode. */
  | ({ is: 'waiting'; why: string } & Readable)
  | ({ is: 'lost'; record: Readable | null } & DamagedMatch)
type Sound = Found & { is: 'sound' }

const SLICE = 500
const MAX_TRIES = 3

/**
 * Restores every stored match. A match whose mode is missing waits, unchanged. A damaged match is aborted, with a
 * report.
 */
export async function restoreMatches(parts: RestoringParts): Promise<void> {
  const { store, matches, modes, clock, log, setAside, waitingMatches } = parts
  const lastBeat = await store.lastBeat()
  const waitingSince = await waitingMatches.load()
  function gapOf({ matchId, snapshot }: Readable): Gap {
    const since = waitingSince.get(matchId) ?? restoredAt(snapshot)
    return since === undefined ? parts.gap : gapSince(since, clock.now())
  }

  /** A process restored the match and ended before it left a sign of life; that restore is the base of its clocks. */
  function restoredAt({ context: { restored } }: MatchSnapshot): EpochMs | undefined {
    return restored?.lastBeat === lastBeat ? restored.at : undefined
  }
  const { matches: records, damaged } = await store.load()
  const found = records.map((record) => sorted(record, modes, setAside))
  // Matches that waited for their mode come last: their players may play another match by now, and stay there.
  const isLate = ({ matchId }: Sound): number => Number(waitingSince.has(matchId))
  const sound = found.filter((one) => one.is === 'sound').sort((a, b) => isLate(a) - isLate(b))
  const waiting = found.filter((one) => one.is === 'waiting')
  const lost = [...damaged.map((one) => ({ record: null, ...one })), ...found.filter((one) => one.is === 'lost')]

  for (let left = sound, tries = 0; left.length > 0 && tries < MAX_TRIES; tries += 1) {
    const missed = new Set(await bringBackAll(left))
    // A former owner wrote once more after the record was read.
    const again = missed.size > 0 ? (await store.load()).matches.filter(({ matchId }) => missed.has(matchId)) : []
    left = again.map((record) => sorted(record, modes, setAside)).filter((one) => one.is === 'sound')
  }
  await matches.announceRematches()
  for (const { matchId, why, snapshot } of waiting) {
    log.warn({ match: matchId, why }, 'match set aside until its mode is back')
    matches.setAside(matchId, snapshot.context.seats)
    if (!waitingSince.has(matchId)) await waitingMatches.put(matchId, restoredAt(snapshot) ?? lastBeat ?? clock.now())
  }
  for (const { matchId, why, record } of lost) {
    log.error({ match: matchId, why }, 'match could not be restored and was aborted')
    matches.giveUp(matchId)
    if (record)
      await noteAbort(record).catch((err: unknown) => log.error({ match: matchId, err }, 'abort could not be noted'))
    if (record) parts.aborted(matchId, playersStillIn(record))
    await store.remove(matchId)
    if (waitingSince.has(matchId)) await waitingMatches.clear(matchId)
  }
  if (found.length + damaged.length > 0) {
    const counts = { matches: sound.length, waiting: waiting.length, aborted: lost.length }
    log.info({ ...counts, ...parts.gap }, 'matches restored')
  }

  /** In groups: everything written in one turn of the loop is one transaction. Returns the matches that failed. */
  async function bringBackAll(records: readonly Sound[]): Promise<MatchId[]> {
    const missed: MatchId[] = []
    for (let n = 0; n < records.length; n += SLICE) {
      const slice = records.slice(n, n + SLICE)
      const got = await Promise.all(slice.map((record) => bringBack(record)))
      missed.push(...slice.filter((_, at) => !got[at]).map(({ matchId }) => matchId))
    }
    return missed
  }

  async function bringBack(record: Sound): Promise<boolean> {
    const { matchId, snapshot } = record
    const isOurs = snapshot.state === 'closed' || (await matches.restore(record, { ...gapOf(record), lastBeat }))
    if (snapshot.state === 'closed') await store.remove(matchId)
    if (isOurs && waitingSince.has(matchId)) await waitingMatches.clear(matchId)
    return isOurs
  }

  /** Former players hear how the match ended, also after the next start. */
  async function noteAbort({ matchId, epoch, seq, snapshot }: Readable): Promise<void> {
    const at = clock.now()
    const after = stepMatch(snapshot, { type: 'match.faulted', at }).snapshot
    const result = playedMatch(snapshot, after, at)
    if (result) await store.commit({ matchId, epoch: epoch + 1, after: seq, snapshot: after, lines: [], result })
  }
}

const playersStillIn = ({ snapshot }: Readable): PlayerId[] =>
  snapshot.context.seats.filter(isTaken).map(({ playerId }) => playerId)

function sorted(record: MatchRecord, modes: RestoringParts['modes'], setAside: RestoringParts['setAside']): Found {
  const { matchId } = record
  const snapshot = upToDate(record.snapshot)
  if (!snapshot) return { is: 'lost', matchId, why: 'its snapshot has a form that is not known', record: null }
  const readable = { ...record, snapshot }
  const stalled = setAside.get(matchId)
  if (stalled) return { is: 'lost', matchId, why: stalled, record: readable }
  const { id, hasRules } = snapshot.context.mode
  const mode = modes.get(id)
  if (!mode) return { is: 'waiting', why: `there is no mode ${id}`, ...readable }
  if (hasRules && !mode.rules) return { is: 'waiting', why: `mode ${id} has no rules`, ...readable }
  return { is: 'sound', ...readable }
}
