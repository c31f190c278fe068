import { expect, test } from 'vitest'
import { rateAt } from '../../../tools/lab/arrivals/arrivals.ts'
import { arrivalsOf, usual } from '../../../tools/lab/arrivals/population.ts'
import { favouritesChance } from '../../../tools/lab/report/favourite.ts'
import { figuresOf } from '../../../tools/lab/report/figures.ts'
import { mean, normalShare, parts } from '../../../tools/lab/report/statistics.ts'
import { life } from './support.ts'

test.each([
  [0, 0.5],
  [1, 0.841345],
  [1.959964, 0.975],
  [-1, 0.158655],
  [8, 1],
])('the normal share below %d is %d', (z, share) => {
  expect(normalShare(z)).toBeCloseTo(share, 6)
})

test("[QL5] the favourite's chance grows with the gap and the team, and shrinks with doubt", () => {
  const duel = (gap: number, sigma = 0) =>
    favouritesChance(
      [
        life({ gap, players: [{ id: 'a', mu: 1_500, sigma }] }),
        life({ gap, players: [{ id: 'b', mu: 1_500, sigma }] }),
      ],
      2,
    )
  expect(duel(0)).toBeCloseTo(0.5, 6)
  // One deviation of the difference: 250 · √2.
  expect(duel(353.5534)).toBeCloseTo(0.841345, 5)
  expect(duel(353.5534, 250)).toBeCloseTo(0.76025, 5)
  const five = Array.from({ length: 5 }, (_, n) => ({ id: `${n}`, mu: 1_500 }))
  expect(
    favouritesChance([life({ gap: 158.1139, players: five }), life({ gap: 158.1139, players: five })], 2),
  ).toBeCloseTo(0.841345, 5)
})

test('[QL5] the figures of a queue equal a count by hand', () => {
  const lives = [1, 2, 3, 4].map((n) =>
    life({
      ticketId: `t${n}`,
      endedAt: n * 1_000,
      matchId: `m${n > 2}`,
      gap: n > 2 ? 30 : 10,
      predictedWaitMs: n === 4 ? null : 1_000,
    }),
  )
  const figures = figuresOf([...lives, life({ reason: 'cancelled', endedAt: 90_000 })], 2)
  expect(figures).toMatchObject({
    tickets: 5,
    matches: 2,
    ended: { matched: 4, cancelled: 1 },
    wait: { mean: 2_500, p50: 2_000, p95: 4_000 },
    gap: { mean: 20 },
    predicted: 1_000,
    actual: 2_000,
  })
})

test('[QL1] a population has the rate, the ratings and the parties that it says', () => {
  const people = [...arrivalsOf({ ...usual, seed: 3, mode: 'squad', teamSize: 5, rate: 10, seconds: 2_000 })]
  const ratings = people.flatMap(({ ticket }) => ticket.players.map(({ mu }) => mu))
  expect(people.length / 2_000).toBeCloseTo(10, 0)
  expect(mean(ratings) / 1_500).toBeCloseTo(1, 1)
  expect(Math.sqrt(mean(ratings.map((mu) => (mu - 1_500) ** 2))) / 350).toBeCloseTo(1, 0)
  const shareOf = (size: number) => people.filter(({ ticket }) => ticket.players.length === size).length / people.length
  expect([1, 2, 3, 5].map((size) => Math.round(shareOf(size) * 20) / 20)).toEqual([0.6, 0.2, 0.1, 0.1])
})

test('[QL1] night and day meet in the middle', () => {
  const wave = { night: 0.1, day: 10, periodSeconds: 100 }
  expect([0, 25, 50].map((at) => rateAt(wave, at))).toEqual([0.1, expect.closeTo(1, 6), expect.closeTo(10, 6)])
})

test('parts are in order and none is empty', () => {
  expect(parts([1, 2, 3, 4, 5], 2)).toEqual([
    [1, 2, 3],
    [4, 5],
  ])
  expect(parts([1], 12)).toEqual([[1]])
  expect(parts([], 12)).toEqual([])
})
