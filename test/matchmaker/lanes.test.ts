import { expect, onTestFinished, test, vi } from 'vitest'
import { Lane } from '../../src/matchmaker/tickets/lane.ts'
import { at, fives, ticket } from './fuzz/table.ts'

/** How many searches of lanes twelve tickets take whom waiting brings into one further region after the other. */
function searchesOver(count: number): number {
  const regions = Array.from({ length: count }, (_, n) => `r${n}`)
  const latencies = Object.fromEntries(regions.map((region, n) => [region, 10 + 8 * n]))
  const matchmaker = at(fives, { regions })
  const searches = vi.spyOn(Lane.prototype, 'sources')
  onTestFinished(() => searches.mockRestore())
  for (let n = 0; n < 12; n += 1) matchmaker.add(ticket(`t${n}`, { mu: 10_000 * n, mode: 'fives', latencies }), 0)
  for (let now = matchmaker.nextAt(); now !== null && now <= 30_000; now = matchmaker.nextAt()) matchmaker.tick(now)
  const { length } = searches.mock.calls
  searches.mockRestore()
  return length
}

test('[QU50] a further region costs a ticket one search there and one more at home, however many it waits in', () => {
  const one = searchesOver(1)
  expect(one).toBeGreaterThan(0)
  for (const regions of [2, 8, 16]) expect(searchesOver(regions)).toBeLessThanOrEqual(one + 2 * 12 * (regions - 1))
})

test('[QU50] a later ticket finds an earlier one in its region', () => {
  const matchmaker = at(fives, { regions: ['eu', 'us'] })
  for (let n = 0; n < 9; n += 1) {
    matchmaker.add(ticket(`t${n}`, { mode: 'fives', latencies: { eu: 10, us: 30 } }), 0)
  }
  for (const now of [0, 10_000]) expect(matchmaker.tick(now)).toEqual([])
  matchmaker.add(ticket('last', { mode: 'fives', latencies: { us: 10 } }), 11_000)
  expect(matchmaker.tick(11_000)).toMatchObject([{ region: 'us' }])
})
