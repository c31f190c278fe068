import { expect, test } from 'vitest'
import type { Sabotage } from './parts.ts'
import { sabotages } from './sabotage.ts'
import { simulate } from './simulation.ts'

const MOST_SEEDS = 400

/** The promises that break, seed by seed, until the expected one is among them. */
async function brokenBy(sabotage: Sabotage, expected: RegExp): Promise<string[]> {
  const broken: string[] = []
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const { violation } = await simulate({ seed, sabotage })
    if (violation) broken.push(violation.promise)
    if (violation && expected.test(violation.promise)) break
  }
  return broken
}

test.each(sabotages)('the simulation notices %s', async (_piece, promise, sabotage) => {
  expect((await brokenBy(sabotage, promise)).at(-1)).toMatch(promise)
})
