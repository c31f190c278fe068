import * as z from 'zod'
import type { Gap } from '../../outage.ts'
import type { Clock, EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import * as s from '../../protocol/schemas.ts'
import type { RecordStore } from '../record-store.ts'

const FIRST_MS = 5_000
const FACTOR = 3
const LONGEST_MS = 15 * 60_000
// Half of what somebody has done is forgotten after so long.
const HALF_LIFE_MS = 10 * 60_000
const LEAST_WEIGHT = 0.1

const stored = z.object({
  /** How many, the older ones counting less. */
  weight: z.number(),
  at: s.epochMs,
  until: s.epochMs,
  /** What it is for; not known of the first ones. */
  reason: z.string().optional(),
})
type Offences = z.output<typeof stored>

/**
 * Keeps players who let others down out of the queue for a while: five seconds at first, three times as long each time
 * after, up to a quarter of an hour. What is past is forgotten by half every ten minutes.
 */
export function createPenalties({ records, clock }: { records: RecordStore; clock: Clock }) {
  /** In the order of the last offence. */
  const offences = new Map<PlayerId, Offences>()

  const weightOf = ({ weight, at }: Offences): number => weight * 0.5 ** ((clock.now() - at) / HALF_LIFE_MS)

  /** Somebody has let a match down. Stored as soon as may be: a penalty lost to a crash is a lesser evil than a wait. */
  async function punish(playerId: PlayerId, reason: string): Promise<void> {
    forgetOld()
    const known = offences.get(playerId)
    const weight = (known ? weightOf(known) : 0) + 1
    const now = clock.now()
    const until = now + Math.round(Math.min(FIRST_MS * FACTOR ** (weight - 1), LONGEST_MS))
    const value = { weight, at: now, until, reason }
    offences.delete(playerId)
    offences.set(playerId, value)
    await records.write([{ kind: 'penalty', id: playerId, value }]).catch(() => {})
  }

  // What weighs nothing any more is not kept, here or on record. The oldest offences come first, so the search ends at the
  // first one that counts; a heavy one keeps those after it for some minutes longer.
  function forgetOld(): void {
    const gone: PlayerId[] = []
    for (const [id, one] of offences) {
      if (one.until > clock.now() || weightOf(one) >= LEAST_WEIGHT) break
      gone.push(id)
    }
    if (gone.length === 0) return
    for (const id of gone) offences.delete(id)
    records.write(gone.map((id) => ({ kind: 'penalty', id, value: null }))).catch(() => {})
  }

  return {
    punish,
    /** How long the player must still wait before queueing, in ms; 0 for who may. */
    leftMs: (playerId: PlayerId): number => Math.max(0, (offences.get(playerId)?.until ?? 0) - clock.now()),
    /** For the player to see; null for who may queue. */
    of(playerId: PlayerId): { until: EpochMs; reason: string } | null {
      const known = offences.get(playerId)
      return known && known.until > clock.now() ? { until: known.until, reason: known.reason ?? 'declined' } : null
    },
    /** A penalty runs on while the service is away, so it never gets longer; nor does it when the clock is moved. */
    async restore({ jumpMs }: Gap): Promise<void> {
      const now = clock.now()
      const known: [PlayerId, Offences][] = []
      for (const { id, value } of await records.load('penalty')) {
        const read = stored.safeParse(value)
        if (!read.success) continue
        const { at, until } = read.data
        const moved = { at: Math.min(now, at + jumpMs), until: Math.min(now + LONGEST_MS, until + jumpMs) }
        known.push([id as PlayerId, { ...read.data, ...moved }])
      }
      known.sort(([, one], [, other]) => one.at - other.at)
      for (const [id, one] of known) offences.set(id, one)
      forgetOld()
    },
  }
}
