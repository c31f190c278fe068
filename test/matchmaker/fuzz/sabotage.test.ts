import { expect, test } from 'vitest'
import { createMatchmaker } from '../../../src/matchmaker/matchmaker.ts'
import { play } from './play.ts'
import { sabotages } from './sabotage.ts'
import { drawScenario } from './scenario.ts'
import type { Make } from './shadow.ts'

const MOST_SEEDS = 120
const TIMEOUT_MS = 120_000

/** The promises that break, seed by seed, until the expected one is among them. */
function brokenBy(make: Make, expected: RegExp): string[] {
  const broken: string[] = []
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const { promise } = play(drawScenario(seed), make).broken ?? {}
    if (promise) broken.push(promise)
    if (promise && expected.test(promise)) break
  }
  return broken
}

test.each(sabotages)('the model notices %s', { timeout: TIMEOUT_MS }, (_piece, promise, sabotage) => {
  expect(brokenBy(sabotage(createMatchmaker), promise).at(-1)).toMatch(promise)
})
