import { parseArgs } from 'node:util'
import { wideningWindow } from '../src/lab/widening-window.ts'
import { createMatchmaker } from '../src/lobby/matchmaker/matchmaker.ts'
import { loads, playDuels } from './matchmaker/duels.ts'
import { playSquads, tunedTo } from './matchmaker/squads.ts'
import type { Make } from './matchmaker/subject.ts'

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', default: 'duels,squads' },
    seeds: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '30' },
    'points-per-second': { type: 'string', default: '3' },
    subjects: { type: 'string', default: 'muster' },
  },
})
const seeds = Array.from({ length: Number(asked.seeds) }, (_, n) => n + 1)
const subjects: [string, Make][] = [
  ['muster', createMatchmaker as unknown as Make],
  // For duels and squads the widening that waits about 5 s.
  [
    'window',
    (options) => wideningWindow(options, { points: 25, pointsPerSecond: 12 * (options.pointsPerSecond ?? 3) }),
  ],
]
const chosen = subjects.filter(([name]) => asked.subjects.split(',').includes(name))
const only = asked.only.split(',')
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
const cell = (value: number, digits = 2) => value.toFixed(digits).padStart(9)

if (only.includes('duels')) {
  console.log(`1v1, cost / clairvoyant optimum at ${asked['points-per-second']} points/s, ${seeds.length} seeds`)
  console.log('subject  load            target   middle    whole      gap   wait s   left  ms')
  for (const [name, make] of chosen)
    for (const load of loads) {
      const at = performance.now()
      const runs = seeds.map((seed) => playDuels(make, load, Number(asked['points-per-second']), seed))
      const of = (get: (run: (typeof runs)[number]) => number) => mean(runs.map(get))
      const took = performance.now() - at
      console.log(
        `${name.padEnd(8)} ${load.name.padEnd(13)}${cell(load.target)}${cell(
          of((r) => r.ratio),
          3,
        )}${cell(
          of((r) => r.wholeRatio),
          3,
        )}${cell(of((r) => r.gap))}${cell(of((r) => r.waitSeconds))}${cell(
          of((r) => r.left),
          0,
        )}  ${took.toFixed(0)}`,
      )
    }
}
if (only.includes('squads')) {
  console.log(`\n5v5 at 5 tickets/s and 5 s mean wait: gap <= 4.6, tails <= 15, by size <= 1.3`)
  console.log('subject  regions   points/s   wait s      gap    width    worst     best  by size  act/pred left  ms')
  for (const [name, make] of chosen)
    for (const hasRegions of [false, true]) {
      const at = performance.now()
      const play = (pointsPerSecond: number) =>
        playSquads(make, { pointsPerSecond, hasRegions, seconds: 60 * Number(asked.minutes), seed: 1 })
      const r = tunedTo(5, play)
      console.log(
        `${name.padEnd(8)} ${String(hasRegions).padEnd(9)}${cell(r.pointsPerSecond)}${cell(r.waitSeconds)}${cell(r.gap)}${cell(r.width)}${cell(r.tails[0])}${cell(r.tails[1])}${cell(r.bySize)}${cell(r.calibration)}${cell(r.left, 0)}  ${(performance.now() - at).toFixed(0)}`,
      )
    }
}
