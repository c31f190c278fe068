import type { Figures } from '../figures.ts'
import { axisTo } from './axis.ts'
import type { Chart } from './chart.ts'
import { highest, told } from './series.ts'

/** One way to run a queue, with its knob at several places. */
export interface Trade {
  name: string
  runs: readonly { knob: number; figures: Figures }[]
}

/** What the knob trades: the mean gap against the mean wait. */
export function trade(title: string, says: string, trades: readonly Trade[]): Chart {
  const series = trades.map(({ name, runs }) => {
    const points = runs.map(({ knob, figures: { wait, gap } }) => {
      const x = wait.mean / 1_000
      return { x, y: gap.mean, says: `${knob} points/s: ${told(x, 's')}, ${told(gap.mean, 'points')}` }
    })
    return { name, as: 'dots' as const, points }
  })
  const x = axisTo(highest(series, 'x'), 'mean wait, seconds')
  return { title, says, x, y: axisTo(highest(series, 'y'), 'mean gap between teams, points'), series }
}
