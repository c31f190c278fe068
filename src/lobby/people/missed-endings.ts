import * as z from 'zod'
import type { Clock, Log } from '../../ports.ts'
import { type Ended, ended } from '../../protocol/events/session.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { People } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { recordWriter } from '../store-writes.ts'

const MAX_OF_A_PLAYER = 20
const MAX_PLAYERS = 10_000
// A player who comes back later does not remember what it was about.
const KEPT_MS = 24 * 60 * 60_000

const stored = z.array(ended)
type What = Omit<Ended, 'at'>

interface MissedEndingsParts {
  records: RecordStore
  people: People
  clock: Pick<Clock, 'now'>
  log: Log
}

/** What ended for players while they were not connected; they find it in the next session. */
export function createMissedEndings({ records, people, clock, log }: MissedEndingsParts) {
  // In the order of the last ending, oldest first.
  const missed = new Map<PlayerId, readonly Ended[]>()
  const told = new Set<PlayerId>()
  const writeRecords = recordWriter(records, log)

  function note(playerId: PlayerId, what: What): void {
    if (people.isOnline(playerId)) return
    const known = of(playerId)
    // A thing ends once; the first report has the reason.
    if (known.some((one) => one.what === what.what && one.id === what.id)) return
    put(playerId, [...known, { ...what, at: clock.now() }].slice(-MAX_OF_A_PLAYER))
    const [oldest] = missed.keys()
    if (missed.size > MAX_PLAYERS && oldest) forget(oldest)
  }

  function put(playerId: PlayerId, list: readonly Ended[]): void {
    missed.delete(playerId)
    missed.set(playerId, list)
    void writeRecords([{ kind: 'ended', id: playerId, value: list }])
  }

  function forget(playerId: PlayerId): void {
    told.delete(playerId)
    if (missed.delete(playerId)) void writeRecords([{ kind: 'ended', id: playerId, value: null }])
  }

  const of = (playerId: PlayerId): readonly Ended[] =>
    (missed.get(playerId) ?? []).filter(({ at }) => at + KEPT_MS > clock.now())

  return {
    /** The same players, and what has ended is kept for those of them who are not here. */
    people: { ...people, missed: note } satisfies People,
    note,
    /** For a `session`: what has ended since the player was last connected. */
    resumed(playerId: PlayerId): { ended?: Ended[] } {
      const list = of(playerId)
      if (missed.has(playerId)) told.add(playerId)
      return list.length > 0 ? { ended: [...list] } : {}
    },
    /** The player's last connection is gone: drops the endings that they were told. */
    departed(playerId: PlayerId): void {
      if (told.has(playerId)) forget(playerId)
    },
    async restore(): Promise<void> {
      for (const { id, value } of await records.load('ended')) {
        const read = stored.safeParse(value)
        if (read.success) missed.set(id as PlayerId, read.data)
      }
    },
  }
}
export type MissedEndings = ReturnType<typeof createMissedEndings>
