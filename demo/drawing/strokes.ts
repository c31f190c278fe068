import type { Segment } from './ink.ts'

export interface Stroke {
  readonly seat: number
  readonly id: string
  readonly points: number[]
}
/** The effect of a segment: new ink from `at` on, nothing new, or an earlier piece is missing. */
export type Added = { is: 'new'; stroke: Stroke; at: number } | { is: 'known' } | { is: 'gap' }

// A few minutes of eager drawing by eight people, about a megabyte.
const MAX_NUMBERS = 60_000
const MAX_STROKES = 3_000

export type Strokes = ReturnType<typeof createStrokes>

/** All that is on the sheet, oldest first. When it gets too much, the oldest strokes fade: `trimmed` is called. */
export function createStrokes(trimmed: () => void) {
  const strokes = new Map<string, Stroke>()
  let numbers = 0

  function add({ seat, stroke: id, from, points }: Segment): Added {
    const key = `${seat}/${id}`
    const stroke = strokes.get(key) ?? { seat, id, points: [] }
    const at = stroke.points.length
    if (from > at) return { is: 'gap' }
    const fresh = points.slice(at - from)
    if (fresh.length === 0) return { is: 'known' }
    strokes.set(key, stroke)
    stroke.points.push(...fresh)
    numbers += fresh.length
    trim()
    return { is: 'new', stroke, at }
  }

  // Makes some room at once, since the sheet has to be drawn anew each time.
  function trim(): void {
    if (numbers <= MAX_NUMBERS && strokes.size <= MAX_STROKES) return
    for (const [key, { points }] of strokes) {
      if (numbers <= MAX_NUMBERS * 0.9 && strokes.size <= MAX_STROKES * 0.9) break
      strokes.delete(key)
      numbers -= points.length
    }
    trimmed()
  }

  return { add, all: () => strokes.values(), isEmpty: () => strokes.size === 0 }
}
