import { createMatchmaker } from '../../src/matchmaker/matchmaker.ts'
import { usual } from './arrivals/population.ts'
import { writeLog } from './log.ts'
import { readSimulateOptions, type SimulateOptions } from './options.ts'
import { guideCharts } from './report/guide.ts'
import { pageOf } from './report/page.ts'
import { printed } from './report/table.ts'
import { command, modeOf, put } from './setup.ts'
import { told } from './shape.ts'
import { simulated } from './simulation.ts'

const usage = `Plays a queue with a made-up population, in seconds, and says what waiting and fairness come to.

  muster simulate --mode squad --rate 5 --minutes 60 --points-per-second 3 [--against 6]

  --mode               squad; a shipped one, or one of --config
  --rate               5 tickets a second
  --minutes            60
  --points-per-second  the knob: how many rating points of mismatch a second of waiting is worth
  --against            another value of it, to set beside
  --seed               1; the same seed is the same population
  --patience           seconds after which people give up, in the mean; without it nobody does
  --declines           the part of the tickets that turn their match down, 0 to 1
  --no-regions         everybody plays in one place, instead of in four regions
  --teams              2x5: the mode's shape, instead of the config's
  --config             the file of the server's modes
  --html               reports/queue.html, a page with charts
  --log                a file for the lives of the tickets, as QUEUE_LOG writes them
  --docs               draws the charts of docs/matchmaking.md anew, and nothing else`

function populationOf({ mode, seed, rate, minutes, ...rest }: SimulateOptions, teamSize: number) {
  const { patienceSeconds, declineShare, hasRegions } = rest
  return { ...usual, mode, teamSize, seed, rate, seconds: minutes * 60, patienceSeconds, declineShare, hasRegions }
}

function drawGuide(): void {
  for (const [name, chart] of Object.entries(guideCharts(createMatchmaker))) put(`docs/${name}`, chart)
}

await command(usage, async (args) => {
  const options = readSimulateOptions(args)
  if (options.docs) return drawGuide()
  const { pointsPerSecond, against, rate, minutes, seed, html, log } = options
  const mode = await modeOf(options)
  const population = populationOf(options, mode.teamSize)
  const knobs = against === null ? [pointsPerSecond] : [pointsPerSecond, against]
  const settings = simulated(createMatchmaker, {
    mode,
    population,
    pointsPerSecond: knobs,
  })
  const says = `Simulated: ${minutes} min at ${rate}/s, ${told(mode)}, seed ${seed}`
  console.log(`${says}\n\n${printed(settings)}`)
  put(html, pageOf({ title: `The queue of ${mode.id}`, says, settings }))
  if (log !== null) put(log, writeLog(settings[0]?.lives ?? []))
  console.log(`\n${html}${log === null ? '' : `, ${log}`}`)
})
