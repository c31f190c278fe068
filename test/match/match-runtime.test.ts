import { expect, test } from 'vitest'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { playerId } from '../support/openings.ts'
import { joined, runningMatch } from '../support/running-match.ts'

test('[MT12] everything is stored before it is told, one step after the other', async () => {
  const { runtime, steps } = await runningMatch()
  await Promise.all([runtime.post(joined('ann')), runtime.post(joined('bob'))])
  expect(steps).toEqual([
    'asked to store state.changed',
    'stored',
    'told state.changed',
    'asked to store player.joined,host.changed',
    'stored',
    'told player.joined,host.changed',
    'asked to store player.joined,state.changed',
    'stored',
    'told player.joined,state.changed',
  ])
})

test('[MT12] a step that is not stored did not happen', async () => {
  let isFull = false
  const memory = openMemoryMatchStore()
  const { runtime } = await runningMatch({
    commit: (commit) => (isFull ? Promise.reject(new Error('disk full')) : memory.commit(commit)),
  })
  isFull = true
  await expect(runtime.post(joined('ann'))).rejects.toThrow('not stored')
  expect(runtime.snapshot.context.seats[0]).toMatchObject({ status: 'reserved' })
  isFull = false
  await runtime.post(joined('ann'))
  expect(runtime.snapshot.context.seats[0]).toMatchObject({ status: 'present' })
  expect(runtime.position).toEqual({ epoch: 1, seq: 3 })
})

test('[MT12] a deadline that could not be stored is tried again', async () => {
  let isFull = false
  const memory = openMemoryMatchStore()
  const { runtime, clock } = await runningMatch({
    commit: (commit) => (isFull ? Promise.reject(new Error('disk full')) : memory.commit(commit)),
  })
  isFull = true
  await clock.advance(15_000)
  expect(runtime.snapshot.state).toBe('gathering')
  isFull = false
  await clock.advance(1_000)
  expect(runtime.snapshot.state).toBe('closed')
  expect(clock.pending).toBe(0)
})

test('[MT13] an owner that was replaced says nothing more and leaves no timer', async () => {
  const { runtime, clock, steps, memory } = await runningMatch()
  const { snapshot } = runtime
  await memory.commit({ matchId: runtime.id, epoch: 2, after: 1, snapshot, lines: [] })
  for (const name of ['ann', 'bob']) {
    expect(await runtime.post(joined(name))).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  }
  expect(steps.slice(3)).toEqual(['asked to store player.joined,host.changed', 'stored', 'fenced'])
  expect(runtime.isClosed).toBe(true)
  expect(clock.pending).toBe(0)
})

test('[MT14] a fault in a step aborts the match', async () => {
  const { runtime, clock, steps, faults } = await runningMatch()
  Object.defineProperty(runtime.snapshot.context.seats, 'find', {
    value: () => {
      throw new Error('broken step')
    },
  })
  await runtime.post(joined('ann'))
  expect(runtime.snapshot).toMatchObject({ state: 'closed', context: { outcome: 'aborted' } })
  expect(steps.at(-1)).toBe('told state.changed')
  expect(faults).toMatchObject([{ match: 'm1', happening: 'player.joined' }])
  expect(clock.pending).toBe(0)
})

test('[DL1] what comes behind the end of a match is refused, not answered', async () => {
  const { runtime } = await runningMatch()
  const last = runtime.post(() => ({ type: 'match.faulted' }))
  let isAnswered = false
  const late = runtime.post(joined('ann'), () => {
    isAnswered = true
  })
  await last
  expect(await late).toMatchObject({ error: { code: 'MATCH_ENDED' } })
  expect(isAnswered).toBe(false)
})

test('[ST7] a match that was let go of takes nothing more', async () => {
  const { runtime, clock } = await runningMatch()
  runtime.letGo()
  expect(await runtime.post(joined('ann'))).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(clock.pending).toBe(0)
})

test('a match holds one timer, for its nearest deadline', async () => {
  const { runtime, clock } = await runningMatch()
  await runtime.post(joined('ann'))
  await runtime.post(joined('bob'))
  await runtime.post(() => ({ type: 'player.dropped', playerId: playerId('ann') }))
  expect(clock.pending).toBe(1)
})

test('a turn that takes its time holds everything else up', async () => {
  const { runtime, steps } = await runningMatch()
  let finish = () => {}
  const turn = new Promise<void>((resolve) => {
    finish = resolve
  })
  const first = runtime.post(
    () => null,
    () => turn,
  )
  const second = runtime.post(joined('ann'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(steps).toHaveLength(3)
  finish()
  await Promise.all([first, second])
  expect(steps.at(-1)).toBe('told player.joined,host.changed')
})
