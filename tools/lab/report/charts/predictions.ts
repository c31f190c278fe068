import { isMatched, type Life } from '../life.ts'
import { mean, parts } from '../statistics.ts'
import { axisTo } from './axis.ts'
import type { Chart, Point } from './chart.ts'
import { highest, type Played, seconds, seriesOf, told } from './series.ts'

const PARTS = 12

export function predictions(played: readonly Played[]): Chart {
  const series = seriesOf(played, 'dots', meansOf)
  const most = Math.max(highest(series, 'x'), highest(series, 'y'))
  return {
    title: 'Promised and kept',
    says: 'What players were told when they joined, and what they waited then, in the mean. On the line it was true.',
    x: axisTo(most, 'predicted, seconds'),
    y: axisTo(most, 'waited, seconds'),
    series,
    hasDiagonal: true,
  }
}

function meansOf(lives: readonly Life[]): Point[] {
  const predicted = ({ predictedWaitMs }: Life) => (predictedWaitMs ?? 0) / 1_000
  const known = lives.filter((life) => isMatched(life) && life.predictedWaitMs !== null)
  const sorted = known.toSorted((a, b) => predicted(a) - predicted(b))
  return parts(sorted, PARTS).map((part) => {
    const [x, y] = [mean(part.map(predicted)), mean(part.map(seconds))]
    return { x, y, says: `told ${told(x, 's')}, waited ${told(y, 's')}` }
  })
}
