import { p95Wait } from '../figures.ts'
import { isMatched, type Life, ratingOf } from '../life.ts'
import { axisTo, bandsBetween } from './axis.ts'
import type { Chart, Point } from './chart.ts'
import { highest, type Played, seriesOf, told } from './series.ts'

const EDGES = [1, 5, 10, 25, 50, 75, 90, 95, 99]

export function tails(played: readonly Played[]): Chart {
  const series = seriesOf(played, 'dots', byPercentile)
  return {
    title: 'The ends of the ladder',
    says: 'What 95 % of the tickets waited at most, from the weakest hundredth of the ratings to the best.',
    x: bandsBetween(EDGES.map(String), 'percentile of the rating'),
    y: axisTo(highest(series, 'y'), 'p95 wait, seconds'),
    series,
  }
}

function byPercentile(lives: readonly Life[]): Point[] {
  const sorted = lives.filter(isMatched).toSorted((a, b) => ratingOf(a) - ratingOf(b))
  const placeOf = (percent: number) => Math.round((percent / 100) * sorted.length)
  return [...EDGES, 100].map((to, n) => {
    const from = EDGES[n - 1] ?? 0
    const y = p95Wait(sorted.slice(placeOf(from), placeOf(to))) / 1_000
    return { x: n + 0.5, y, says: `${from} to ${to} %: ${told(y, 's')}` }
  })
}
