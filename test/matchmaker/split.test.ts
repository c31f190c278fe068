import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Member, spreadOfSums } from '../../src/matchmaker/teams/mismatch.ts'
import { split } from '../../src/matchmaker/teams/split.ts'

const membersOf = (parties: readonly (readonly [size: number, rating: number])[]): Member[] =>
  parties.map(([size, rating], place) => ({ place, size, rating }))
const sumOf = (team: readonly Member[]) => team.reduce((sum, { size, rating }) => sum + size * rating, 0)
const playersOf = (team: readonly Member[]) => team.reduce((sum, { size }) => sum + size, 0)
const always = () => true
const rating = fc.integer({ min: 0, max: 3_000 })

/** The least distance between the sums of two teams of five, of all ways to make them. */
function leastSpread(members: readonly Member[]): number {
  const total = sumOf(members)
  const ways = Array.from({ length: 1 << members.length }, (_, chosen) => members.filter((_, n) => (chosen >> n) & 1))
  return Math.min(...ways.filter((team) => playersOf(team) === 5).map((team) => Math.abs(total - 2 * sumOf(team))))
}

test.each([[[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]], [[3, 2, 1, 1, 1, 1, 1]], [[5, 2, 2, 1]], [[4, 1, 3, 2]]])(
  'parties of %j: no way to make two teams is more even',
  (sizes) => {
    fc.assert(
      fc.property(fc.tuple(...sizes.map(() => rating)), (ratings) => {
        const members = membersOf(sizes.map((size, n) => [size, ratings[n] as number] as const))
        const teams = split(members, { teams: 2, teamSize: 5 }, always)
        expect(teams?.map(playersOf)).toEqual([5, 5])
        expect(spreadOfSums((teams ?? []).map(sumOf))).toBe(leastSpread(members))
      }),
      { numRuns: 30 },
    )
  },
)

test('in many teams everybody has a place, and every team is full', () => {
  fc.assert(
    fc.property(fc.array(rating, { minLength: 20, maxLength: 20 }), (ratings) => {
      const members = membersOf(ratings.map((one) => [1, one] as const))
      const teams = split(members, { teams: 5, teamSize: 4 }, always) ?? []
      expect(teams.map((team) => team.length)).toEqual([4, 4, 4, 4, 4])
      expect(new Set(teams.flat())).toEqual(new Set(members))
    }),
  )
})

test('what cannot be divided, or only into teams that may not be, is null', () => {
  const threes = membersOf([
    [3, 1],
    [3, 1],
    [3, 1],
    [1, 1],
  ])
  expect(split(threes, { teams: 2, teamSize: 5 }, always)).toBeNull()
  const pairs = membersOf([
    [1, 1],
    [1, 2],
    [1, 3],
    [1, 4],
  ])
  expect(split(pairs, { teams: 2, teamSize: 2 }, () => false)).toBeNull()
})

test.each([
  ['two teams', 2, 5],
  ['many', 5, 4],
])('[QU74] where no teams of %s may be, all who ask have so many trials together', (_, teams, teamSize) => {
  const solos = membersOf(Array.from({ length: teams * teamSize }, (__, n) => [1, n * n] as const))
  let asked = 0
  const never = () => {
    asked += 1
    return false
  }
  const trials = { left: 500 }
  for (let n = 0; n < 20; n += 1) expect(split(solos, { teams, teamSize }, never, trials)).toBeNull()
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThanOrEqual(500)
  expect(split(solos, { teams, teamSize }, always)).not.toBeNull()
})
