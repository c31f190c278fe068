import { isMatched, type Life, waitMsOf } from '../life.ts'
import { ascending, quantile } from '../statistics.ts'
import type { Point, Series } from './chart.ts'

/** One run of the queue, and the outcome of its tickets. */
export interface Played {
  name: string
  lives: readonly Life[]
}

export const seriesOf = (
  played: readonly Played[],
  as: Series['as'],
  of: (lives: readonly Life[]) => Point[],
): Series[] => played.map(({ name, lives }) => ({ name, as, points: of(lives) }))

export const highest = (series: readonly Series[], of: 'x' | 'y'): number =>
  Math.max(0, ...series.flatMap(({ points }) => points.map((point) => point[of]).filter(Number.isFinite)))

// The last hundredth of a long tail would squeeze everything else to the left.
const MOST = 0.99
/** What all but a hundredth stay below, in each of the ways. */
export const mostOf = (played: readonly Played[], of: (lives: readonly Life[]) => number[]): number =>
  Math.max(0, ...played.map(({ lives }) => quantile(ascending(of(lives)), MOST)).filter(Number.isFinite))

export const seconds = (life: Life): number => waitMsOf(life) / 1_000
export const secondsOf = (lives: readonly Life[]): number[] => lives.filter(isMatched).map(seconds)
/** A number as tooltips show it. */
export const told = (value: number, unit: string): string => `${value.toFixed(1)} ${unit}`
