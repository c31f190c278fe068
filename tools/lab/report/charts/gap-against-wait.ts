import { gapOf, type Life, matchesOf } from '../life.ts'
import { mean, parts } from '../statistics.ts'
import { axisTo } from './axis.ts'
import type { Chart, Point } from './chart.ts'
import { highest, type Played, seconds, seriesOf, told } from './series.ts'

const PARTS = 12

export function gapAgainstWait(played: readonly Played[]): Chart {
  const series = seriesOf(played, 'dots', meansOf)
  return {
    title: 'The patience of matches',
    says: 'The mean gap of matches by how long their longest waiting ticket waited; who has waited long accepts more. Each dot is a twelfth of all matches.',
    x: axisTo(highest(series, 'x'), 'longest wait in the match, seconds'),
    y: axisTo(highest(series, 'y'), 'mean gap, points'),
    series,
  }
}

function meansOf(lives: readonly Life[]): Point[] {
  const matches = matchesOf(lives).map((match) => ({ wait: Math.max(...match.map(seconds)), gap: gapOf(match) }))
  const known = matches.filter(({ gap }) => gap !== null).sort((a, b) => a.wait - b.wait)
  return parts(known, PARTS).map((part) => {
    const [x, y] = [mean(part.map(({ wait }) => wait)), mean(part.map(({ gap }) => gap ?? 0))]
    return { x, y, says: `${told(x, 's')}: ${told(y, 'points')}` }
  })
}
