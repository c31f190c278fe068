import { gapOf, type Life, matchesOf } from '../life.ts'
import { axisTo } from './axis.ts'
import type { Chart, Point } from './chart.ts'
import { highest, mostOf, type Played, seriesOf } from './series.ts'

const BINS = 28

const gapsOf = (lives: readonly Life[]): number[] =>
  matchesOf(lives)
    .map(gapOf)
    .filter((gap) => gap !== null)

export function gaps(played: readonly Played[]): Chart {
  const most = mostOf(played, gapsOf)
  const series = seriesOf(played, 'steps', (lives) => histogram(gapsOf(lives), most))
  return {
    title: 'Fairness',
    says: 'How many of all matches had teams so far apart. Further to the left is fairer.',
    x: axisTo(most, 'points between the means of the best and the worst team'),
    y: axisTo(highest(series, 'y'), 'of all matches', ' %'),
    series,
  }
}

function histogram(values: readonly number[], most: number): Point[] {
  const binOf = (value: number) => Math.min(BINS - 1, Math.floor((value / most) * BINS))
  const bins = Map.groupBy(
    values.filter((value) => value <= most),
    binOf,
  )
  return Array.from({ length: BINS + 1 }, (_, n) => {
    const share = (bins.get(n)?.length ?? 0) / values.length
    return { x: (n * most) / BINS, y: 100 * share }
  })
}
