import * as z from 'zod'
import type { Clock } from '../../../ports.ts'
import * as s from '../../../protocol/schemas.ts'
import type { Gap } from '../../../util/outage.ts'
import type { RecordKind, RecordStore } from '../../record-store.ts'

const FIRST_MS = 5_000
const FACTOR = 3
// The weight of an offence halves in this time.
const HALF_LIFE_MS = 10 * 60_000
const WEIGHS_NOTHING = 0.1

const stored = z.object({
  /** The number of offences, where older ones count less. */
  weight: z.number(),
  at: s.epochMs,
  until: s.epochMs,
  /** Why; older records do not have it. */
  reason: z.string().optional(),
})
type Offences = z.output<typeof stored>

interface OffencesParts {
  records: RecordStore
  kind: RecordKind
  clock: Pick<Clock, 'now'>
  /** How many offences are free. */
  free?: number
  longestMs: number
  /** The most entries kept; the oldest go first. */
  most?: number
}

/**
 * Offences and the waits for them: five seconds at first, then three times as long each time. The weight of past
 * offences halves every ten minutes. They outlive the process if the records do.
 */
export function createOffences(parts: OffencesParts) {
  const { records, kind, clock, free = 0, longestMs, most = Number.POSITIVE_INFINITY } = parts
  /** In the order of the last offence, oldest first. */
  const book = new Map<string, Offences>()

  const weightOf = ({ weight, at }: Offences): number => weight * 0.5 ** ((clock.now() - at) / HALF_LIFE_MS)

  /** Adds an offence. It counts before it is stored: losing one in a crash is better than making the caller wait. */
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

  // Removes entries without weight. The oldest come first, so the search ends at the first entry that still counts; a
  // heavy one keeps the entries after it for some minutes longer.
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
    /** The rest of the wait, in ms; 0 for none. */
    leftMs: (id: string): number => Math.max(0, (book.get(id)?.until ?? 0) - clock.now()),
    of: (id: string): Readonly<Offences> | undefined => book.get(id),
    /** Waits run on during an outage. A clock that was moved makes none longer. */
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
      // Stored, so that the next restart does not move them again.
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
