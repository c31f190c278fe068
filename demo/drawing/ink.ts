/*
 * The messages that players send over `match:send`. They come from other browsers, so `readInk` accepts only the shapes
 * described here.
 */

/** A sheet is this many units wide and high on every screen. */
export const SHEET_UNITS = 10_000
/** Numbers in one stroke, two a point. */
export const MAX_STROKE = 4_000

/** A piece of a stroke. `from` makes a repeated piece harmless and a missing one visible. */
export interface Segment {
  seat: number
  stroke: string
  /** The count of earlier numbers of the stroke. */
  from: number
  /** x, y, x, y, … in sheet units. */
  points: number[]
}
export type Ink = { ink: Segment[] } | { want: 'ink' }

const MAX_SEGMENTS = 400

export function readInk(data: unknown): Ink | null {
  if (!isRecord(data)) return null
  if (data.want === 'ink') return { want: 'ink' }
  const { ink } = data
  if (!Array.isArray(ink) || ink.length > MAX_SEGMENTS || !ink.every(isSegment)) return null
  return { ink }
}

/** An id for a stroke; unlike `crypto.randomUUID` it also works over plain http. */
export const newStrokeId = (): string => Math.random().toString(36).slice(2, 10)

function isSegment(value: unknown): value is Segment {
  if (!isRecord(value)) return false
  const { seat, stroke, from, points } = value
  return (
    isWithin(seat, 1_000) &&
    typeof stroke === 'string' &&
    stroke.length <= 16 &&
    isWithin(from, MAX_STROKE) &&
    Array.isArray(points) &&
    points.length > 0 &&
    points.length % 2 === 0 &&
    from + points.length <= MAX_STROKE &&
    points.every((n) => isWithin(n, SHEET_UNITS))
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isWithin = (value: unknown, max: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max
