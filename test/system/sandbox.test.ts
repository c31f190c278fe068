import { expect, test } from 'vitest'
import type { MatchId } from '../../src/protocol/ids.ts'
import { sharedSandbox, timedSandbox } from '../../src/system/sandbox.ts'

const m1 = 'm1' as MatchId
const loop = (): never => {
  for (;;);
}
/** Stands still like a suspended machine: time passes without CPU time. */
const standStill = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

test('[RU34] a step that times out because the machine stood still runs again', async () => {
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

test('[RU34] of steps that share a timeout, an endless one is ended and the others run', async () => {
  const steps = [() => 1, loop, () => 3]
  const outcomes = await Promise.allSettled(steps.map((step) => sharedSandbox<number>(step, m1)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('[RU34] a step that throws fails alone, and nested steps share one timeout', async () => {
  const outcomes = await Promise.allSettled([
    sharedSandbox(() => {
      throw new Error('a bug in the game')
    }, m1),
    sharedSandbox(() => timedSandbox(() => 2), m1),
  ])
  expect(outcomes).toMatchObject([{ reason: { message: 'a bug in the game' } }, { value: 2 }])
})
