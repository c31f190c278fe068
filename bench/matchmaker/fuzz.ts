import { parseArgs } from 'node:util'
import { createMatchmaker } from '../../src/matchmaker/matchmaker.ts'
import { reproduce, sweep } from '../../test/matchmaker/fuzz/sweep.ts'

const USAGE = `Does random things to the matchmaker and looks at everything it answers.

  node bench/matchmaker/fuzz.ts                             1,000,000 operations from seed 1
  node bench/matchmaker/fuzz.ts --operations 50000 --seed 7
  node bench/matchmaker/fuzz.ts --replay 17                 one seed: the fewest calls that break it
`
const PROGRESS_MS = 10_000

const { values: asked } = parseArgs({
  options: {
    operations: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    failures: { type: 'string', default: '10' },
    replay: { type: 'string' },
    // In seconds: whether it works.
    smoke: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (asked.smoke) asked.operations = '5000'

const whole = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${text} is not a whole number`)
  return value
}

function search(): boolean {
  const [operations, from, mostFailures] = [whole(asked.operations), whole(asked.seed), whole(asked.failures)]
  const startedAt = performance.now()
  let toldAt = startedAt
  const total = sweep({
    ...{ make: createMatchmaker, from, operations, mostFailures },
    heard({ seeds, operations, failures }) {
      if (performance.now() - toldAt < PROGRESS_MS) return
      toldAt = performance.now()
      console.log(`${operations} operations in ${seeds} seeds, ${failures.length} failures so far`)
    },
  })
  for (const { seed, broken } of total.failures) {
    console.log(`\nseed ${seed}, after operation ${broken?.after}: ${broken?.promise}: ${broken?.seen}`)
    console.log(`replay it: node bench/matchmaker/fuzz.ts --replay ${seed}`)
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`\nseeds ${from} to ${from + total.seeds - 1}, ${total.proposals} proposals, ${seconds} s`)
  for (const [shadow, worlds] of Object.entries(total.byShadow)) console.log(`${shadow.padEnd(10)}${worlds} worlds`)
  console.log(`${total.operations} operations, ${total.failures.length} failures`)
  return total.failures.length === 0
}

function replay(seed: number): boolean {
  const { lines, isBroken } = reproduce(seed, createMatchmaker)
  for (const line of lines) console.log(line)
  return !isBroken
}

if (asked.help) console.log(USAGE)
else process.exitCode = (asked.replay === undefined ? search() : replay(whole(asked.replay))) ? 0 : 1
