import * as z from 'zod'
import type { Clock } from '../../../ports.ts'
import * as s from '../../../protocol/schemas.ts'
import type { Gap } from '../../../util/outage.ts'
import type { RecordKind, RecordStore } from '../../record-store.ts'

const FIRST_MS = 5_000
const FACTOR = 3
// Half of what somebody has done is forgotten after so long.
const HALF_LIFE_MS = 10 * 60_000
const WEIGHS_NOTHING = 0.1

const stored = z.object({
  /** How many, the older ones counting less. */
  weight: z.number(),
  at: s.epochMs,
  until: s.epochMs,
  /** What it is for; not known of the first ones. */
  reason: z.string().optional(),
})
type Offences = z.output<typeof stored>

interface OffencesParts {
  records: RecordStore
  kind: RecordKind
  clock: Pick<Clock, 'now'>
  /** How many cost nothing. */
  free?: number
  longestMs: number
  /** Of how many this is kept, the last ones. */
  most?: number
}

/**
 * Who has let others down, and how long each has to wait for it: five seconds at first, three times as long each time
 * after. What is past is forgotten by half every ten minutes. It outlives the process where records do.
 */
export function createOffences(parts: OffencesParts) {
  const { records, kind, clock, free = 0, longestMs, most = Number.POSITIVE_INFINITY } = parts
  /** Whose last one is oldest comes first. */
  const book = new Map<string, Offences>()

  const weightOf = ({ weight, at }: Offences): number => weight * 0.5 ** ((clock.now() - at) / HALF_LIFE_MS)

  /** One more. Stored as soon as may be: one that is lost to a crash is a lesser evil than a wait. */
  async function add(id: string, reason?: string): Promise<void> {
    const gone = forgetOld()
    const known = book.get(id)
    const weight = (known ? weightOf(known) : 0) + 1
    const at = clock.now()
    const waitMs = weight > free ? Math.min(FIRST_MS * FACTOR ** (weight - free - 1), longestMs) : 0
    const value = { weight, at, until: at + Math.round(waitMs), ...(reason !== undefined && { reason }) }
    book.delete(id)
    book.set(id, value)
    await keep([{ id, value }, ...gone.filter((one) => one !== id).map((one) => ({ id: one, value: null }))])
  }

  const keep = (changes: readonly { id: string; value: Offences | null }[]): Promise<void> =>
    records.write(changes.map((change) => ({ kind, ...change }))).catch(() => {})

  // What weighs nothing any more is not kept, here or on record. The oldest come first, so the search ends at the first
  // one that counts; a heavy one keeps those after it for some minutes longer.
  function forgetOld(): string[] {
    const gone: string[] = []
    for (const [id, one] of book) {
      const isOver = one.until <= clock.now() && weightOf(one) < WEIGHS_NOTHING
      if (!isOver && book.size < most) break
      book.delete(id)
      gone.push(id)
    }
    return gone
  }

  return {
    add,
    /** How long one must still wait, in ms; 0 for who need not. */
    leftMs: (id: string): number => Math.max(0, (book.get(id)?.until ?? 0) - clock.now()),
    of: (id: string): Readonly<Offences> | undefined => book.get(id),
    /** A wait runs on while the service is away, so it never gets longer; nor does it when the clock is moved. */
    async restore({ jumpMs }: Gap): Promise<void> {
      const now = clock.now()
      for (const { id, value } of await records.load(kind)) {
        const read = stored.safeParse(value)
        if (!read.success) continue
        const { at, until } = read.data
        const moved = { at: Math.min(now, at + jumpMs), until: Math.min(now + longestMs, until + jumpMs) }
        book.set(id, { ...read.data, ...moved })
      }
      inOrder()
      const gone = forgetOld().map((id) => ({ id, value: null }))
      // On record, too, so that the next restart moves nothing twice.
      const moved = jumpMs === 0 ? [] : [...book].map(([id, value]) => ({ id, value }))
      if (gone.length + moved.length > 0) await keep([...gone, ...moved])
    },
  }

  function inOrder(): void {
    const all = [...book].sort(([, a], [, b]) => a.at - b.at)
    book.clear()
    for (const [id, one] of all) book.set(id, one)
  }
}
