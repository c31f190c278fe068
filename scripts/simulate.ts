import { parseArgs } from 'node:util'
import { addCount, newCount } from '../test/simulation/count.ts'
import { type Outcome, simulate } from '../test/simulation/simulation.ts'

const USAGE = `Plays small random worlds in which processes fail, and looks whether the promises of SPEC.md hold.

  npm run simulate                              10,000 seeds
  npm run simulate -- --seeds 100000            a night of them
  npm run simulate -- --from 5000 --seeds 100   seeds 5000 to 5099
  npm run simulate -- --seed 17                 one seed, told step by step
`
const PROGRESS_MS = 5_000

const whole = (text: string, least: number): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`${text} is not a whole number from ${least}`)
  return value
}

async function replay(seed: number): Promise<boolean> {
  const outcome = await simulate({ seed, hear: (line) => console.log(line) })
  console.log(JSON.stringify(outcome.count))
  return isSound(outcome)
}

async function search(from: number, seeds: number): Promise<boolean> {
  const total = newCount()
  const startedAt = performance.now()
  const perSecond = (done: number) => `${Math.round((done / (performance.now() - startedAt)) * 1_000)} seeds/s`
  let toldAt = startedAt
  for (let done = 0; done < seeds; done++) {
    const outcome = await simulate({ seed: from + done })
    addCount(total, outcome.count)
    if (!isSound(outcome)) return false
    if (performance.now() - toldAt < PROGRESS_MS) continue
    toldAt = performance.now()
    console.log(`${done + 1} of ${seeds} seeds, ${perSecond(done + 1)}`)
  }
  for (const [what, count] of Object.entries(total)) console.log(`${what.padEnd(12)}${count.toLocaleString('en')}`)
  console.log(`${seeds} seeds from ${from}, no promise broken, ${perSecond(seeds)}`)
  return true
}

function isSound({ seed, violation }: Outcome): boolean {
  if (!violation) return true
  console.error(`\nseed ${seed} broke a promise: ${violation.promise}\n${violation.seen}\n`)
  console.error(`replay it: npm run simulate -- --seed ${seed}`)
  return false
}

const current = 'before the first seed'
process.on('unhandledRejection', (fault) => {
  console.error(`a promise was rejected and nobody looked, ${current}:`, fault)
  process.exit(1)
})

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(USAGE)
else {
  const isFine = values.seed
    ? await replay(whole(values.seed, 0))
    : await search(whole(values.from, 0), whole(values.seeds, 1))
  process.exitCode = isFine ? 0 : 1
}
