import { expect, test } from 'vitest'
import { Pool } from '../../src/matchmaker/tickets/pool.ts'
import { Roster } from '../../src/matchmaker/tickets/roster.ts'
import { ticket } from './fuzz/table.ts'

function poolOf(ratings: readonly number[]) {
  const roster = new Roster()
  const pool = new Pool(roster, { id: 0, laneId: 0, classId: 0, size: 1, isMixed: true })
  const places = ratings.map((rating, serial) => {
    const slot = roster.open(ticket(`t${serial}`), { since: 0, serial, rating, classId: 0 })
    const place = roster.openPlace(slot, 0, 0)
    pool.insert(place)
    return place
  })
  return { pool, places }
}
const further = (pool: Pool, times: number, wanted: number): number[] => {
  const found: number[] = []
  for (let n = 0; n < times; n += 1) pool.gatherFurther(wanted, found)
  return found
}

test.each([
  ['a few', 20],
  ['many', 3_000],
])('%s are all looked at once, some at a time, whatever their ratings', (_, count) => {
  for (const ratingOf of [(n: number) => (n * 7_919) % 2_003, () => 1_500]) {
    const { pool, places } = poolOf(Array.from({ length: count }, (__, n) => ratingOf(n)))
    expect(new Set(further(pool, Math.ceil(count / 100), 100))).toEqual(new Set(places))
    expect(further(pool, 1, 2 * count)).toHaveLength(count)
  }
})

test('a ticket that leaves during a search hides no other ticket from it', () => {
  const { pool, places } = poolOf(Array.from({ length: 1_000 }, (_, n) => (n * 7_919) % 503))
  const seen = new Set(further(pool, 5, 100))
  const next = further(pool, 1, 1)[0] as number
  for (const place of [...places.filter((one) => one % 5 === 0 && one !== next), next]) pool.remove(place)
  const left = places.filter((one) => one % 5 > 0 && one !== next)
  for (const one of further(pool, 5, 100)) seen.add(one)
  expect(left.filter((one) => !seen.has(one))).toEqual([])
})
