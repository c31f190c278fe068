import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlayedMatch } from '../../src/match/match-store.ts'
import { NEWCOMER, PLACEMENT_MATCHES, pointsOf } from '../../src/match/results/ratings.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import { createMemoryRatings } from '../../src/stores/memory/ratings.ts'
import { playerId } from '../support/openings.ts'

const result = (name: string, mu: number): PlayedMatch => ({
  matchId: 'm' as MatchId,
  mode: 'duel',
  endedAt: 5,
  outcome: 'completed',
  placements: [[0]],
  players: [{ playerId: playerId(name), name, seat: 0, team: 0 }],
  ratings: [{ playerId: playerId(name), before: NEWCOMER, after: { mu, sigma: 100 } }],
})
const some = fc.constantFrom(...'abcdef')
const worth = fc.constantFrom(1_000, 1_000.25, 1_100, 1_500)

test('[RA6] however players move, a page has the places after its start, in order', () => {
  const moves = fc.array(fc.tuple(some, worth), { maxLength: 120 })
  fc.assert(
    fc.property(moves, some, worth, fc.nat(4), (played, from, mu, limit) => {
      const ratings = createMemoryRatings()
      const last = new Map<string, { mu: number; matches: number }>()
      for (const [name, mu] of played) {
        ratings.record(result(name, mu))
        last.set(name, { mu, matches: (last.get(name)?.matches ?? 0) + 1 })
      }
      const all = [...last]
        .filter(([, { matches }]) => matches >= PLACEMENT_MATCHES)
        .map(([name, { mu }]) => ({ name, points: pointsOf({ mu, sigma: 100 }) }))
        .sort((a, b) => b.points - a.points || (a.name < b.name ? -1 : 1))
      const named = (page: { name: string; points: number }[]) => page.map(({ name, points }) => ({ name, points }))
      expect(named(ratings.leaderboard('duel', { limit: 9 }))).toEqual(all)
      const after = { points: pointsOf({ mu, sigma: 100 }), playerId: from as PlayerId }
      const behind = all.filter((one) => one.points < after.points || (one.points === after.points && one.name > from))
      expect(named(ratings.leaderboard('duel', { after, limit }))).toEqual(behind.slice(0, limit))
    }),
  )
})

test('[RA6] a page after a place that its player no longer has still lists the player further down', () => {
  const ratings = createMemoryRatings()
  for (let n = 0; n < PLACEMENT_MATCHES; n += 1) ratings.record(result('ann', 1_000))
  const before = { points: pointsOf({ mu: 1_500, sigma: 100 }), playerId: playerId('ann') }
  expect(ratings.leaderboard('duel', { after: before, limit: 9 })).toMatchObject([{ playerId: 'ann' }])
})

test('[RA6] a player deleted from memory leaves the leaderboard', () => {
  const ratings = createMemoryRatings()
  for (let n = 0; n < PLACEMENT_MATCHES; n += 1) ratings.record(result('first', 3_000))
  for (let n = 0; n < 10_000; n += 1) ratings.seed('duel', playerId(`guest ${n}`), NEWCOMER)
  expect(ratings.leaderboard('duel', { limit: 9 })).toEqual([])
})
