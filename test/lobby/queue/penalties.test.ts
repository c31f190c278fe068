import { expect, test } from 'vitest'
import { createPenalties } from '../../../src/lobby/queue/penalties/penalties.ts'
import { openMemoryRecordStore } from '../../../src/stores/memory/record-store.ts'
import { FakeClock } from '../../support/clock.ts'
import { playerId } from '../../support/openings.ts'

const HOUR = 3_600_000

/** Counts how often it is asked for the time, which is once or twice for each offence that is looked at. */
class CountingClock extends FakeClock {
  asked = 0
  override now(): number {
    this.asked += 1
    return super.now()
  }
}

test('[QU12] the cost of a penalty does not depend on the number of penalties', async () => {
  const clock = new CountingClock()
  const penalties = createPenalties({ records: openMemoryRecordStore(), clock })
  const askedFor = async (name: string) => {
    clock.asked = 0
    await penalties.punish(playerId(name), 'left')
    return clock.asked
  }
  await penalties.punish(playerId('first'), 'left')
  const beside = await askedFor('second')
  for (let n = 0; n < 1_000; n++) await penalties.punish(playerId(`p${n}`), 'left')
  expect(await askedFor('last')).toBe(beside)
})

test('[QU12] old offences are kept neither in memory nor on record, recent ones are', async () => {
  const clock = new FakeClock()
  const records = openMemoryRecordStore()
  const penalties = createPenalties({ records, clock })
  for (const name of ['ann', 'bob', 'cay']) await penalties.punish(playerId(name), 'left')
  await clock.advance(HOUR)
  await penalties.punish(playerId('bob'), 'left')
  const kept = async () => (await records.load('penalty')).map(({ id }) => id)
  expect(await kept()).toEqual([playerId('bob')])
  expect(penalties.leftMs(playerId('bob'))).toBe(5_000)
})

test('[QU14] the oldest penalties are forgotten first, also after a restart', async () => {
  const clock = new FakeClock()
  const records = openMemoryRecordStore()
  const before = createPenalties({ records, clock })
  for (const name of ['ann', 'bob']) await before.punish(playerId(name), 'left')
  await clock.advance(HOUR / 2)
  await before.punish(playerId('ann'), 'left')
  await clock.advance(HOUR / 4)
  const after = createPenalties({ records, clock })
  await after.restore({ outageMs: 0, jumpMs: 0 })
  expect((await records.load('penalty')).map(({ id }) => id)).toEqual([playerId('ann')])
})
