import type { MatchSnapshot } from '../machines/match-step.ts'
import { upToDate } from '../machines/migrations.ts'
import type { Mode } from '../modes.ts'
import { gapSince } from '../outage.ts'
import type { Clock, Log } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { DamagedMatch, MatchRecord, MatchStore } from './match-store.ts'
import type { Matches } from './matches.ts'

interface RestoringParts {
  store: MatchStore
  matches: Matches
  modes: ReadonlyMap<string, Mode>
  clock: Clock
  log: Log
  /** Matches that are not to be touched again, and why. */
  setAside: ReadonlyMap<MatchId, string>
}
type Sound = MatchRecord & { snapshot: MatchSnapshot }

const SLICE = 500
const MAX_TRIES = 3

/** Brings back every match on record, each as it was; what cannot be trusted is aborted, visibly, and alone. */
export async function restoreMatches({ store, matches, modes, clock, log, setAside }: RestoringParts): Promise<void> {
  const lastBeat = await store.lastBeat()
  const gap = () => gapSince(lastBeat, clock.now())
  const { matches: records, damaged } = await store.load()
  const found = records.map((record) => asSound(record, modes, setAside))
  const sound = found.filter((one): one is Sound => !('why' in one))
  const lost: DamagedMatch[] = [...damaged, ...found.filter((one): one is DamagedMatch => 'why' in one)]

  for (let left = sound, tries = 0; left.length > 0 && tries < MAX_TRIES; tries += 1) {
    const missed = new Set(await bringBackAll(left))
    // A former owner, on its way out, has written once more since it was read.
    const again = missed.size > 0 ? (await store.load()).matches.filter(({ matchId }) => missed.has(matchId)) : []
    left = again.map((record) => asSound(record, modes, setAside)).filter((one): one is Sound => !('why' in one))
  }

  /** Some at a time: what is written in one turn of the loop is written in one go. Those that it did not get. */
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
    if (record.snapshot.state !== 'closed') return matches.restore(record, gap())
    await store.remove(record.matchId)
    return true
  }
  await matches.announceRematches()
  for (const { matchId, why } of lost) {
    log.error({ match: matchId, why }, 'match could not be restored and was aborted')
    matches.giveUp(matchId)
    await store.remove(matchId)
  }
  if (found.length + damaged.length > 0) {
    log.info({ matches: sound.length, aborted: lost.length, ...gap() }, 'matches restored')
  }
}

function asSound(
  record: MatchRecord,
  modes: RestoringParts['modes'],
  setAside: RestoringParts['setAside'],
): Sound | DamagedMatch {
  const { matchId } = record
  const why = setAside.get(matchId)
  if (why) return { matchId, why }
  const snapshot = upToDate(record.snapshot)
  if (!snapshot) return { matchId, why: 'its snapshot has a form that is not known' }
  const mode = modes.get(snapshot.context.mode.id)
  if (!mode) return { matchId, why: `there is no mode ${snapshot.context.mode.id} any more` }
  if (snapshot.context.mode.hasRules && !mode.rules) return { matchId, why: `mode ${mode.id} has no rules any more` }
  return { ...record, snapshot }
}
