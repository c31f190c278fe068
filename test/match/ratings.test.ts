import fc from 'fast-check'
import { rate, rating } from 'openskill'
import { expect, test } from 'vitest'
import type { Rating } from '../../src/match/match-store.ts'
import { NEWCOMER, pointsOf, rateMatch, shownRating, vouchedFor } from '../../src/match/results/ratings.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import { playerId } from '../support/openings.ts'

/** A match between these teams, and where their seats ended; seats are numbered team by team. */
function match(teams: string[][], placements: number[][], more: object = {}) {
  const players = teams.flatMap((names, team) => names.map((name) => ({ playerId: playerId(name), name, team })))
  const seated = players.map((player, seat) => ({ ...player, seat }))
  return { outcome: 'completed' as const, placements, players: seated, ...more }
}
const rated = (of: ReturnType<typeof match>, current: Record<string, Rating> = {}): Record<string, Rating> => {
  const known = new Map(Object.entries(current) as [PlayerId, Rating][])
  return Object.fromEntries((rateMatch(of, known) ?? []).map(({ playerId, after }) => [playerId, after]))
}
const at = (mu: number, sigma = 100): Rating => ({ mu, sigma })
const duel = [['ann'], ['bob']]

test('[RA2] between equals the winner gains what the loser loses, and both uncertainties shrink', () => {
  const { ann, bob } = rated(match(duel, [[0], [1]]))
  expect(ann?.mu).toBeGreaterThan(1_500)
  expect((ann?.mu ?? 0) + (bob?.mu ?? 0)).toBeCloseTo(3_000)
  for (const one of [ann, bob]) expect(one?.sigma).toBeLessThan(NEWCOMER.sigma)
})

test('[RA2] the figures are those of openskill in its own scale, times 60', () => {
  const [a, b, c, d] = rate([[rating()], [rating({ mu: 30, sigma: 2 })], [rating()], [rating()]], {
    rank: [4, 1, 3, 1],
    tau: 25 / 300,
  }).flat() as [Rating, Rating, Rating, Rating]
  const after = rated(match([['a'], ['b'], ['c'], ['d']], [[1, 3], [2], [0]]), { b: at(1_800, 120) })
  for (const [name, { mu, sigma }] of Object.entries({ a, b, c, d })) {
    expect(after[name]?.mu).toBeCloseTo(mu * 60)
    expect(after[name]?.sigma).toBeCloseTo(sigma * 60)
  }
})

test('[RA2] a draw leaves equals equal', () => {
  const { ann, bob } = rated(match(duel, [[0, 1]]), { ann: at(1_700), bob: at(1_700) })
  expect(ann).toEqual(bob)
  expect(ann?.mu).toBeCloseTo(1_700)
})

test('[RA2] a draw brings unequals closer', () => {
  const { ann, bob } = rated(match(duel, [[0, 1]]), { ann: at(1_900), bob: at(1_500) })
  expect(ann?.mu).toBeLessThan(1_900)
  expect(bob?.mu).toBeGreaterThan(1_500)
})

test('[RA2] an upset changes ratings more than an expected result', () => {
  const known = { ann: at(1_900), bob: at(1_500) }
  const gain = (rated(match(duel, [[0], [1]]), known).ann?.mu ?? 0) - 1_900
  const upset = (rated(match(duel, [[1], [0]]), known).bob?.mu ?? 0) - 1_500
  expect(upset).toBeGreaterThan(gain)
})

test('[RA2] a team has the place of its best seat, and wins or loses together', () => {
  const teams = [
    ['ann', 'art'],
    ['bob', 'bea'],
    ['cat', 'cid'],
  ]
  const after = rated(match(teams, [[2], [0, 4], [1, 3, 5]]))
  for (const winner of ['bob', 'bea']) expect(after[winner]?.mu).toBeGreaterThan(1_500)
  for (const loser of ['ann', 'art', 'cat', 'cid']) expect(after[loser]?.mu).toBeLessThan(1_500)
  expect(after.ann).toEqual(after.cid)
})

test('[RA2] everyone for themselves: the better the place, the higher the rating', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const after = rated(
    match(
      names.map((name) => [name]),
      [[3], [0], [4], [1, 2]],
    ),
  )
  const order = ['d', 'a', 'e', 'b'].map((name) => after[name]?.mu ?? 0)
  expect(order).toEqual([...order].sort((x, y) => y - x))
  expect(after.b).toEqual(after.c)
})

test.each([
  ['a disputed result', match(duel, [[0, 1]], { disputed: true })],
  ['an outcome other than completed', match(duel, [[0], [1]], { outcome: 'abandoned' })],
  ['one team', match([['ann', 'bob']], [[0], [1]])],
  ['nobody', match([], [])],
])('[RA3] there is nothing to learn from %s', (_, of) => {
  expect(rateMatch(of, new Map())).toBeNull()
})

test('[RA2] for any ratings and placements the numbers stay finite, and the winner never loses points', () => {
  const some = fc.record({
    mu: fc.double({ min: -3_000, max: 9_000, noNaN: true }),
    sigma: fc.double({ min: 5, max: 500, noNaN: true }),
  })
  const seats = fc.array(some, { minLength: 2, maxLength: 10 })
  fc.assert(
    fc.property(seats, fc.array(fc.nat({ max: 3 }), { minLength: 10, maxLength: 10 }), (ratings, ranks) => {
      const names = ratings.map((_, n) => `p${n}`)
      const groups = Map.groupBy(names.keys(), (n) => ranks[n])
      const placements = [...groups].sort(([x = 0], [y = 0]) => x - y).map(([, group]) => group)
      const current = Object.fromEntries(names.map((name, n) => [name, ratings[n] ?? NEWCOMER]))
      const after = rated(
        match(
          names.map((name) => [name]),
          placements,
        ),
        current,
      )
      for (const { mu, sigma } of Object.values(after))
        expect([mu, sigma].every(Number.isFinite) && sigma > 0).toBe(true)
      const [first = []] = placements
      const [winner = 0] = first
      if (first.length === 1) expect(after[`p${winner}`]?.mu).toBeGreaterThanOrEqual(ratings[winner]?.mu ?? 0)
    }),
  )
})

test('[RA2] a match beyond the range of numbers is not rated', () => {
  const crowd = (of: string) => Array.from({ length: 500 }, (_, n) => `${of}${n}`)
  const teams = [crowd('a'), crowd('b')]
  const known = Object.fromEntries(teams.flat().map((name) => [name, at(5_000, 5)]))
  expect(rateMatch(match(teams, [[0], [500]]), new Map(Object.entries(known) as [PlayerId, Rating][]))).toBeNull()
})

test('[RA5] [RA6] shown ratings are whole points; a newcomer has 1,500 and 0 leaderboard points', () => {
  expect([shownRating(NEWCOMER), pointsOf(NEWCOMER)]).toEqual([1_500, 0])
  expect([shownRating(vouchedFor(1_800.6)), pointsOf(vouchedFor(1_800.6))]).toEqual([1_801, 751])
  expect(Object.is(pointsOf({ mu: 299.9, sigma: 100 }), 0)).toBe(true)
})
