import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLoopTurns } from '../../src/gateway/guard/loop-turns.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

/** Turns on a clock that each job moves as far as it likes. */
function turnsOf() {
  let now = 0
  let rounds = 0
  const did: string[] = []
  const turns = createLoopTurns({
    elapsed: () => now,
    progressed: () => {
      rounds += 1
    },
    log,
  })
  const ask = (who: string, what: string, ms: number, kind = {}) => {
    const job = () => {
      did.push(`${who} ${what}`)
      now += ms
    }
    turns.run(who, job, kind)
  }
  return { turns, ask, did, rounds: () => rounds, settled: () => setImmediate() }
}

test('[DR27] a job is done at once while the loop is quick', () => {
  const { ask, did } = turnsOf()
  ask('ann', '1', 1)
  ask('bob', '1', 1)
  expect(did).toEqual(['ann 1', 'bob 1'])
})

test('[DR27] when the turn is used up, and for the second job of one, there is another turn', async () => {
  const { ask, did, rounds, settled } = turnsOf()
  ask('ann', '1', 3)
  ask('ann', '2', 1)
  ask('bob', '1', 1)
  expect(did).toEqual(['ann 1'])
  await settled()
  await settled()
  expect(did).toEqual(['ann 1', 'ann 2', 'bob 1'])
  expect(rounds()).toBe(1)
})

test('[DR27] of those who wait each has one job done in a round, and each keeps its own order', async () => {
  const { ask, did, settled } = turnsOf()
  for (let n = 0; n < 4; n++) ask('ann', `${n}`, 1)
  ask('bob', '0', 1)
  ask('bob', '1', 1)
  for (let n = 0; n < 5; n++) await settled()
  expect(did).toEqual(
    ['ann 0', 'ann 1', 'bob 0', 'ann 2', 'bob 1', 'ann 3'].sort((a, b) => did.indexOf(a) - did.indexOf(b)),
  )
  expect(did.filter((one) => one.startsWith('ann'))).toEqual(['ann 0', 'ann 1', 'ann 2', 'ann 3'])
  expect(did.indexOf('bob 1')).toBeLessThan(did.indexOf('ann 3'))
})

test('[DR27] the loop turns between the slices, and what a job sets going counts as part of it', async () => {
  let now = 0
  let rounds = 0
  const turns = createLoopTurns({ elapsed: () => now, progressed: () => void rounds++, log })
  let done = 0
  const slow = async () => {
    await Promise.resolve()
    now += 5
    done += 1
  }
  for (let n = 0; n < 10; n++) turns.run(`p${n}`, () => void slow())
  while (done < 10) await setImmediate()
  // The first ones are begun before anything is known of what follows.
  expect(rounds).toBe(0)
  for (let n = 0; n < 10; n++) turns.run('ann', () => void slow())
  while (done < 20) await setImmediate()
  expect(rounds).toBe(9)
})

test('[DR27] a job that throws ends nothing but itself; who is gone has nothing done', async () => {
  const { turns, ask, did, settled } = turnsOf()
  ask('ann', '1', 5)
  turns.run('bob', () => {
    throw new Error('a mistake')
  })
  ask('cat', '1', 1)
  ask('dan', '1', 1)
  turns.withdraw('dan')
  for (let n = 0; n < 3; n++) await settled()
  expect(did).toEqual(['ann 1', 'cat 1'])
})

const HEAVY = { isHeavy: true }

test('[DR27] a light job does not wait for heavy ones, of however many', async () => {
  const { ask, did, settled } = turnsOf()
  ask('ann', '1', 5)
  for (let n = 0; n < 20; n++) ask(`p${n}`, 'heavy', 2, HEAVY)
  ask('bob', 'light', 1)
  await settled()
  await settled()
  expect(did.slice(0, 2)).toEqual(['ann 1', 'bob light'])
})

test('[DR27] heavy jobs are done all the same, in each turn, however many light ones wait', async () => {
  const { ask, did, settled } = turnsOf()
  ask('ann', '1', 5)
  for (let n = 0; n < 20; n++) ask(`p${n}`, 'light', 4)
  for (let n = 0; n < 3; n++) ask(`q${n}`, 'heavy', 4, HEAVY)
  for (let n = 0; n < 4; n++) await settled()
  expect(did.filter((one) => one.includes('heavy'))).toEqual(['q0 heavy', 'q1 heavy', 'q2 heavy'])
  expect(did.filter((one) => one.includes('light')).length).toBeLessThan(5)
})

test('[DR27] the jobs of one keep their order, light or heavy', async () => {
  const { ask, did, settled } = turnsOf()
  ask('ann', '1', 5)
  ask('ann', '2', 1, HEAVY)
  ask('ann', '3', 1)
  ask('bob', '1', 1)
  for (let n = 0; n < 3; n++) await settled()
  expect(did).toEqual(['ann 1', 'bob 1', 'ann 2', 'ann 3'])
})
