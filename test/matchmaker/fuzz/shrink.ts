import { type Outcome, play } from './play.ts'
import type { Scenario } from './scenario.ts'
import type { Make } from './shadow.ts'

/** The fewest operations that still break the same promise, as far as leaving out some of them finds it. */
export function shrink(scenario: Scenario, make: Make): Scenario {
  const first = play(scenario, make).broken
  if (!first) return scenario
  const stillBreaks = (one: Scenario) => isSame(play(one, make), first.promise)
  let smallest: Scenario = { ...scenario, operations: scenario.operations.slice(0, first.after) }
  if (!stillBreaks(smallest)) smallest = scenario
  for (let size = Math.ceil(smallest.operations.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    smallest = withoutSome(smallest, size, stillBreaks)
  const alone: Scenario = { ...smallest, shadow: 'none' }
  return stillBreaks(alone) ? alone : smallest
}

function withoutSome(scenario: Scenario, size: number, stillBreaks: (one: Scenario) => boolean): Scenario {
  let smallest = scenario
  for (let at = smallest.operations.length - size; at > -size; at -= size) {
    const operations = smallest.operations.toSpliced(Math.max(0, at), size)
    const smaller = { ...smallest, operations }
    if (stillBreaks(smaller)) smallest = smaller
  }
  return smallest
}
const isSame = ({ broken }: Outcome, promise: string): boolean => broken?.promise === promise
