import { expect, test } from 'vitest'
import { mode } from '../../../src/config/modes.ts'
import { demandsOf } from '../../../src/lobby/queue/matching/requirements.ts'
import { createMatchmaker } from '../../../src/matchmaker/matchmaker.ts'

const duelWith = (within: number) =>
  mode.parse({ id: 'duel', teams: { count: 2, size: 1 }, matchmaking: { attributes: { level: { within } } } })

/** Whether two players of these levels play, after having waited for as long as one may. */
function doMeet(within: number, ...levels: [number, number]): boolean {
  const matchmaker = createMatchmaker({ modes: [{ id: 'duel', teams: 2, teamSize: 1 }] })
  for (const [n, level] of levels.entries()) {
    const demands = demandsOf({ level }, duelWith(within))
    matchmaker.add({ id: `t${n}`, mode: 'duel', players: [{ id: `p${n}`, mu: 1_500 }], ...demands }, 0)
  }
  return matchmaker.tick(1_000_000).length > 0
}

test.each([
  [5, 30, 35, true],
  [5, 30, 36, false],
  [5, 30, 35.5, false],
  [5, 29.5, 35.4, false],
  [5, 30.5, 34, true],
  [0, 7, 7, true],
  [0, 7, 8, false],
  [0.5, 0.25, 0.75, true],
  [0.5, 0.25, 0.8, false],
  [0.1, 0.57, 0.67, true],
  [0.1, 0.57, 0.6701, false],
  [100, 1, 101, true],
  [1_000, 0, 1_000, true],
  [1_000, 0, 1_001, false],
  [1_000, 17, 1_018, false],
  [1_000, 17, 900, true],
])('[QU10] [QU70] within %d: do %d and %d meet? %s', (within, one, other, expected) => {
  expect(doMeet(within, one, other)).toBe(expected)
  expect(doMeet(within, other, one)).toBe(expected)
})

test('[QU70] however many numbers clients make up, few of them are in reach of each other', () => {
  const rules = duelWith(5)
  const seen = new Set<string>()
  for (let n = 0; n < 10_000; n++) seen.add(JSON.stringify(demandsOf({ level: 30 + n / 1_000 }, rules)))
  expect(seen.size).toBeLessThanOrEqual(20)
})

test('[QU70] numbers spread far apart cost a look-up each, not a look at all', () => {
  const matchmaker = createMatchmaker({ modes: [{ id: 'duel', teams: 2, teamSize: 1 }] })
  const rules = duelWith(5)
  for (let n = 0; n < 20_000; n++) {
    const demands = demandsOf({ level: n * 100 }, rules)
    matchmaker.add({ id: `t${n}`, mode: 'duel', players: [{ id: `p${n}`, mu: 1_500 }], ...demands }, n)
  }
  expect(matchmaker.searching('duel')).toBe(20_000)
})
