import { parseArgs } from 'node:util'
import { games } from './durable/games.ts'
import { measureLive } from './machine/live.ts'
import { commonSteps, timed } from './machine/steps.ts'

const { values: asked } = parseArgs({
  options: {
    matches: { type: 'string', default: '100000' },
    // Actions in each match before it is measured.
    acts: { type: 'string', default: '0' },
    game: { type: 'string', default: 'plain' },
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '200' },
    only: { type: 'string', default: 'live,steps' },
    // Everything once, in seconds: whether it works, not how fast.
    smoke: { type: 'boolean', default: false },
  },
})

if (asked.smoke) Object.assign(asked, { matches: '2000', rounds: '1', ms: '20' })
const GIB = 2 ** 30
const MOST_BYTES = GIB

async function live() {
  const [matches, acts] = [Number(asked.matches), Number(asked.acts)]
  const game = games.find((name) => name === asked.game) ?? 'plain'
  const { heapPerMatch, rssPerMatch, rss, peakRss } = await measureLive(game, { matches, acts })
  console.log(`${matches} live matches of two, ${game}, ${acts} actions in each, memory store\n`)
  console.log(`bytes per match: ${heapPerMatch.toFixed(0)} heap, ${rssPerMatch.toFixed(0)} resident`)
  console.log(`the process: ${inMib(rss)} resident, ${inMib(peakRss)} at its peak`)
  const isMet = peakRss < MOST_BYTES
  console.log(`aim: 100000 matches in less than ${inMib(MOST_BYTES)}: ${isMet ? 'met' : 'missed'} at its peak\n`)
}
const inMib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`

function steps() {
  console.log('a step of a match'.padEnd(28), 'µs'.padStart(8), 'per second'.padStart(12))
  const micros = timed(commonSteps(), { rounds: Number(asked.rounds), ms: Number(asked.ms) })
  for (const [name, each] of micros)
    console.log(name.padEnd(28), each.toFixed(1).padStart(8), (1e6 / each).toFixed(0).padStart(12))
}

// Measures memory first: garbage of the steps would count.
const only = asked.only.split(',')
if (only.includes('live')) await live()
if (only.includes('steps')) steps()
