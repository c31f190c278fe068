import { isMatched, type Life } from '../life.ts'
import { mean } from '../statistics.ts'
import { axisTo, bandsOf } from './axis.ts'
import type { Chart, Point } from './chart.ts'
import { highest, type Played, seconds, seriesOf, told } from './series.ts'

const sizeOf = ({ players }: Life): number => players.length

export function partySizes(played: readonly Played[]): Chart {
  const sizes = [...new Set(played.flatMap(({ lives }) => lives.map(sizeOf)))].sort((a, b) => a - b)
  const series = seriesOf(played, 'columns', (lives) => sizes.map((size, n) => meanOf(lives, size, n)))
  return {
    title: 'Friends',
    says: 'The mean wait by the size of the party. Nobody should pay for coming with friends, or for coming alone.',
    x: bandsOf(
      sizes.map((size) => (size === 1 ? 'alone' : `${size} together`)),
      'size of the party',
    ),
    y: axisTo(highest(series, 'y'), 'mean wait, seconds'),
    series,
  }
}

function meanOf(lives: readonly Life[], size: number, n: number): Point {
  const y = mean(lives.filter((life) => isMatched(life) && sizeOf(life) === size).map(seconds))
  return { x: n + 0.5, y, says: told(y, 's') }
}
