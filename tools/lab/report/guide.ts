import type { MatchmakerMode } from '../../../src/matchmaker/api.ts'
import { arrivalsOf, usual } from '../arrivals/population.ts'
import { wideningWindow } from '../rivals/widening-window.ts'
import { runQueue } from '../run.ts'
import type { MakeMatchmaker } from '../shape.ts'
import { predictions } from './charts/predictions.ts'
import { standalone } from './charts/standalone.ts'
import { tails } from './charts/tails.ts'
import { type Trade, trade } from './charts/trade.ts'
import { figuresOf } from './figures.ts'

const squad: MatchmakerMode = { id: 'squad', teams: 2, teamSize: 5 }
const KNOBS = [1, 2, 3, 6, 12, 24]
const SECONDS = 1_800

/** Half an hour of squads in one region, everybody patient. */
function played(make: MakeMatchmaker, rate: number, pointsPerSecond: number) {
  const population = { ...usual, hasRegions: false, seed: 1, mode: squad.id, teamSize: 5, rate, seconds: SECONDS }
  const matchmaker = make({ modes: [squad], pointsPerSecond })
  const { lives } = runQueue({ matchmaker, arrivals: arrivalsOf(population), untilMs: SECONDS * 1_000 })
  return { name: `${pointsPerSecond} points/s`, lives, knob: pointsPerSecond, figures: figuresOf(lives, squad.teams) }
}

const tradeOf = (name: string, make: MakeMatchmaker, rate: number): Trade => ({
  name,
  runs: KNOBS.map((knob) => played(make, rate, knob)),
})

/** The charts of docs/matchmaking.md, by the names of their files. */
export function guideCharts(make: MakeMatchmaker): Record<string, string> {
  const window: MakeMatchmaker = (options) =>
    wideningWindow(options, { points: 10, pointsPerSecond: 4 * (options.pointsPerSecond ?? 3) })
  const three = [1, 5, 20].map((rate) => tradeOf(`${rate} a second`, make, rate))
  const both = [tradeOf('Muster', make, 5), tradeOf('a window that widens', window, 5)]
  const knobs = [3, 12].map((knob) => played(make, 5, knob))
  return {
    'matchmaking-knob.svg': standalone(trade('What the knob trades', '', three)),
    'matchmaking-window.svg': standalone(trade('Beside a widening window', '', both)),
    'matchmaking-tails.svg': standalone(tails(knobs)),
    'matchmaking-promise.svg': standalone(predictions(knobs)),
  }
}
