import { expect, test } from 'vitest'
import type { MatchId } from '../../src/protocol/ids.ts'
import { sharedSandbox, timedSandbox } from '../../src/system/sandbox.ts'

const m1 = 'm1' as MatchId
const loop = (): never => {
  for (;;);
}
/** Stands still as a machine does that is stopped: time passes, and nobody works. */
const standStill = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

test('[RU34] a step during which the machine stood still runs again, and is no loop', async () => {
  let runs = 0
  const step = () => {
    runs += 1
    if (runs === 1) standStill(1_500)
    return runs
  }
  expect(timedSandbox(step, m1)).toBe(2)
  runs = 0
  expect(await sharedSandbox(step, m1)).toBe(2)
})

test('[RU34] of the steps that share a watch one that never ends is ended, and the others are carried out', async () => {
  const steps = [() => 1, loop, () => 3]
  const outcomes = await Promise.allSettled(steps.map((step) => sharedSandbox<number>(step, m1)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('[RU34] a step that throws is its own affair, and one within another has no watch of its own', async () => {
  const outcomes = await Promise.allSettled([
    sharedSandbox(() => {
      throw new Error('a bug in the game')
    }, m1),
    sharedSandbox(() => timedSandbox(() => 2), m1),
  ])
  expect(outcomes).toMatchObject([{ reason: { message: 'a bug in the game' } }, { value: 2 }])
})
