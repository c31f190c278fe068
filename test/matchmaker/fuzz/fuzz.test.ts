import { expect, test } from 'vitest'
import { createMatchmaker } from '../../../src/matchmaker/matchmaker.ts'
import { play } from './play.ts'
import { drawScenario, SHADOWS } from './scenario.ts'
import { reproduce, sweep } from './sweep.ts'

/** `MATCHMAKER_SEED=17 npx vitest run test/matchmaker/fuzz` plays from there. */
const FROM = Number(process.env.MATCHMAKER_SEED ?? 1)
const OPERATIONS = 20_000
/** Other work may have the cores. */
const TIMEOUT_MS = 120_000

test(
  'whatever is done to the matchmaker, its promises hold',
  () => {
    const total = sweep({ make: createMatchmaker, from: FROM, operations: OPERATIONS, mostFailures: 1 })
    const [failure] = total.failures
    expect(
      failure ? [`MATCHMAKER_SEED=${failure.seed}`, ...reproduce(failure.seed, createMatchmaker).lines] : [],
    ).toEqual([])
    // A matchmaker that matches nobody breaks few promises.
    expect(total.proposals).toBeGreaterThan(OPERATIONS / 40)
    for (const shadow of SHADOWS) expect(total.byShadow[shadow], shadow).toBeGreaterThan(2)
  },
  TIMEOUT_MS,
)

test('a seed tells the same story every time', () => {
  const [first, second] = [1, 2].map(() => {
    const story: string[] = []
    for (const seed of [2, 3, 5]) play(drawScenario(seed), createMatchmaker, (line) => story.push(line))
    return story
  })
  expect(first?.length).toBeGreaterThan(200)
  expect(second).toEqual(first)
})
