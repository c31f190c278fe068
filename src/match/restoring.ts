import type { MatchSnapshot } from '../machines/match-step.ts'
import { upToDate } from '../machines/migrations.ts'
import type { Mode } from '../modes.ts'
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

/** Brings back every match on record, each as it was; what cannot be trusted is aborted, visibly, and alone. */
export async function restoreMatches({ store, matches, modes, clock, log, setAside }: RestoringParts): Promise<void> {
  const lastBeat = await store.lastBeat()
  const outageMs = lastBeat === null ? 0 : Math.max(0, clock.now() - lastBeat)
  const { matches: records, damaged } = await store.load()
  const lost: DamagedMatch[] = [...damaged]
  let count = 0

  for (const record of records) {
    const sound = asSound(record, modes, setAside)
    if ('why' in sound) lost.push(sound)
    else if (sound.snapshot.state === 'closed') await store.remove(sound.matchId)
    else {
      await matches.restore(sound, outageMs)
      count += 1
    }
  }
  matches.openLostRematches()
  for (const { matchId, why } of lost) {
    log.error({ match: matchId, why }, 'match could not be restored and was aborted')
    matches.giveUp(matchId)
    await store.remove(matchId)
  }
  if (count + lost.length > 0) log.info({ matches: count, aborted: lost.length, outageMs }, 'matches restored')
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
