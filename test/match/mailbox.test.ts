import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLoopTurns } from '../../src/gateway/guard/loop-turns.ts'
import type { MatchRuntime } from '../../src/match/runtime/match-runtime.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { playerId } from '../support/openings.ts'
import { joined, runningMatch } from '../support/running-match.ts'

const names = ['ann', 'bob', 'cat', 'dan', 'eve']
const log = { debug() {}, info() {}, warn() {}, error() {} }

/** Keeps the match busy until it is released, so that what comes meanwhile waits together. */
function busy(runtime: MatchRuntime): { release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  void runtime.post(
    () => null,
    () => promise,
  )
  return { release: resolve }
}
const asks = (runtime: MatchRuntime, name: string) => runtime.post(joined(name), undefined, 'requests')

test('[MT71] what waits for a match together is stored and told together, in its order', async () => {
  const { runtime, steps } = await runningMatch({}, { names })
  const { release } = busy(runtime)
  const answers = ['bob', 'ann', 'cat'].map((name) => asks(runtime, name))
  release()
  expect(await Promise.all(answers)).toEqual([null, null, null])
  const lines = 'player.joined,host.changed,player.joined,player.joined'
  expect(steps.slice(3)).toEqual([`asked to store ${lines}`, 'stored', `told ${lines}`])
  expect(runtime.snapshot.context.host).toBe(1)
  expect(runtime.position.seq).toBe(5)
})

test('[MT71] each is answered by the match as it left it, and all of them after all was told', async () => {
  const { runtime, steps } = await runningMatch({}, { names })
  const { release } = busy(runtime)
  const present: number[] = []
  const answers = names.slice(0, 3).map((name) =>
    runtime.post(
      joined(name),
      ({ context }) => {
        expect(steps.at(-1)).toMatch(/^told/)
        present.push(context.seats.filter(({ status }) => status === 'present').length)
      },
      'joins',
    ),
  )
  release()
  await Promise.all(answers)
  expect(present).toEqual([1, 2, 3])
})

test('[MT71] a step that changes the state of the match is stored by itself', async () => {
  const { runtime, steps } = await runningMatch({}, { names })
  const { release } = busy(runtime)
  const answers = names.map((name) => asks(runtime, name))
  release()
  await Promise.all(answers)
  expect(steps.filter((step) => step.startsWith('told')).slice(1)).toEqual([
    'told player.joined,host.changed,player.joined,player.joined,player.joined',
    'told player.joined,state.changed',
  ])
})

test('[MT71] what cannot be stored did not happen, nor what rests on it', async () => {
  const memory = openMemoryMatchStore()
  let isFull = false
  const { runtime } = await runningMatch(
    { commit: (commit) => (isFull ? Promise.reject(new Error('disk full')) : memory.commit(commit)) },
    { names },
  )
  const { release } = busy(runtime)
  const early = runtime.post(
    () => ({ ok: false, error: { code: 'FORBIDDEN', message: '', retryable: false } }),
    undefined,
    'requests',
  )
  const answers = ['ann', 'bob'].map((name) => asks(runtime, name))
  const late = runtime.post(
    () => ({ ok: false, error: { code: 'FORBIDDEN', message: '', retryable: false } }),
    undefined,
    'requests',
  )
  isFull = true
  release()
  expect(await early).toMatchObject({ error: { code: 'FORBIDDEN' } })
  for (const answer of [...answers, late]) await expect(answer).rejects.toThrow('not stored')
  expect(runtime.snapshot.context.seats.every(({ status }) => status === 'reserved')).toBe(true)
  isFull = false
  expect(await asks(runtime, 'ann')).toBeNull()
  expect(runtime.position.seq).toBe(3)
})

test('[MT71] [MT14] a fault ends the match with everything before it stored', async () => {
  const { runtime, steps } = await runningMatch({}, { names })
  const { release } = busy(runtime)
  const first = asks(runtime, 'ann')
  const faulty = runtime.post(
    () => {
      throw new Error('broken step')
    },
    undefined,
    'requests',
  )
  const last = asks(runtime, 'bob')
  release()
  expect(await first).toBeNull()
  expect(await faulty).toMatchObject({ error: { code: 'MATCH_ABORTED' } })
  expect(await last).toMatchObject({ error: { code: 'MATCH_ENDED' } })
  expect(steps.filter((step) => step.startsWith('told')).slice(1)).toEqual([
    'told player.joined,host.changed',
    'told state.changed',
  ])
})

test('[MT71] other work of the loop is done between two slices of a full mailbox', async () => {
  let nowMs = 0
  const elapsed = () => nowMs
  const { runtime, steps } = await runningMatch({}, { names, elapsed, turns: createLoopTurns({ elapsed, log }) })
  const { release } = busy(runtime)
  const slow = (name: string) =>
    runtime.post(
      () => {
        nowMs += 3
        return { type: 'player.joined', playerId: playerId(name) }
      },
      undefined,
      'requests',
    )
  const answers = names.slice(0, 4).map(slow)
  const others = (async () => {
    for (let n = 0; n < 12; n += 1) {
      await setImmediate()
      steps.push('other work')
    }
  })()
  release()
  await Promise.all([...answers, others])
  const told = steps.flatMap((step, n) => (step.startsWith('told player') ? [n] : []))
  expect(told).toHaveLength(2)
  expect(steps.slice(told[0], told[1])).toContain('other work')
})

test('[MT72] a thousand simultaneous requests of a room get no refusal', async () => {
  const { runtime } = await runningMatch({}, { names: Array.from({ length: 1_000 }, (_, n) => `p${n}`) })
  const { release } = busy(runtime)
  const answers = Array.from({ length: 1_000 }, (_, n) => asks(runtime, `p${n}`))
  for (let n = 0; n < 2_000; n += 1) answers.push(runtime.post(() => null, undefined, 'requests'))
  expect(runtime.isFull).toBe(false)
  release()
  expect((await Promise.all(answers)).filter((refusal) => refusal !== null)).toHaveLength(0)
})
