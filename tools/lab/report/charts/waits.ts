import type { Life } from '../life.ts'
import { ascending } from '../statistics.ts'
import { axisTo } from './axis.ts'
import type { Chart, Point } from './chart.ts'
import { mostOf, type Played, secondsOf, seriesOf } from './series.ts'

const POINTS = 150

export function waits(played: readonly Played[]): Chart {
  const most = mostOf(played, secondsOf)
  return {
    title: 'Waiting',
    says: 'How many of all matched tickets had their match after so many seconds. The slowest hundredth is not drawn.',
    x: axisTo(most, 'seconds waited'),
    y: axisTo(100, 'matched by then', ' %'),
    series: seriesOf(played, 'line', (lives) => sharesOf(lives, most)),
  }
}

function sharesOf(lives: readonly Life[], most: number): Point[] {
  const sorted = ascending(secondsOf(lives))
  const drawn = sorted.filter((wait) => wait <= most)
  const every = Math.max(1, Math.floor(drawn.length / POINTS))
  const shares = drawn.map((x, n) => ({ x, y: (100 * (n + 1)) / sorted.length }))
  return [{ x: 0, y: 0 }, ...shares.filter((_, n) => n % every === 0)]
}
