import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLoopTurns } from '../../src/gateway/guard/loop-turns.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

/** Loop turns on a clock that each job moves by its own duration. */
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

test('[DR27] a job runs at once while the turn has time left', () => {
  const { ask, did } = turnsOf()
  ask('ann', '1', 1)
  ask('bob', '1', 1)
  expect(did).toEqual(['ann 1', 'bob 1'])
})

test('[DR27] a job waits for another turn when the turn is used up or its owner has already run one', async () => {
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

test('[DR27] waiting owners run one job each in a round, and their own jobs in order', async () => {
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

test('[DR27] the loop turns between slices, and promise callbacks count as part of their job', async () => {
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
  // The first jobs start before the cost of their callbacks is known.
  expect(rounds).toBe(0)
  for (let n = 0; n < 10; n++) turns.run('ann', () => void slow())
  while (done < 20) await setImmediate()
  expect(rounds).toBe(9)
})

test('[DR27] a job that throws does not stop others; withdrawn jobs do not run', async () => {
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

test('[DR27] a light job does not wait for heavy jobs of any number of owners', async () => {
  const { ask, did, settled } = turnsOf()
  ask('ann', '1', 5)
  for (let n = 0; n < 20; n++) ask(`p${n}`, 'heavy', 2, HEAVY)
  ask('bob', 'light', 1)
  await settled()
  await settled()
  expect(did.slice(0, 2)).toEqual(['ann 1', 'bob light'])
})

test('[DR27] heavy jobs run in every turn, however many light jobs wait', async () => {
  const { ask, did, settled } = turnsOf()
  ask('ann', '1', 5)
  for (let n = 0; n < 20; n++) ask(`p${n}`, 'light', 4)
  for (let n = 0; n < 3; n++) ask(`q${n}`, 'heavy', 4, HEAVY)
  for (let n = 0; n < 4; n++) await settled()
  expect(did.filter((one) => one.includes('heavy'))).toEqual(['q0 heavy', 'q1 heavy', 'q2 heavy'])
  expect(did.filter((one) => one.includes('light')).length).toBeLessThan(5)
})

test('[DR27] the jobs of one owner keep their order, light or heavy', async () => {
  const { ask, did, settled } = turnsOf()
  ask('ann', '1', 5)
  ask('ann', '2', 1, HEAVY)
  ask('ann', '3', 1)
  ask('bob', '1', 1)
  for (let n = 0; n < 3; n++) await settled()
  expect(did).toEqual(['ann 1', 'bob 1', 'ann 2', 'ann 3'])
})
