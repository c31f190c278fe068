import { beforeEach, describe, expect, test } from 'vitest'
import type { MatchCommit, MatchStore, PlayedMatch, Rating } from '../../src/match/match-store.ts'
import { NEWCOMER, PLACEMENT_MATCHES, pointsOf } from '../../src/match/results/ratings.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import { openedMatch, playerId } from '../support/openings.ts'

type Moves = Record<string, [before: Rating, after: Rating]>
const points = (mu: number): Rating => ({ mu, sigma: 100 })

/** The commit that decides a match, and what it does to ratings. */
export function deciding(id: string, moves: Moves, mode = 'duel'): MatchCommit & { result: PlayedMatch } {
  const matchId = id as MatchId
  const { snapshot } = openedMatch(id)
  const players = Object.keys(moves).map((name, seat) => ({ playerId: playerId(name), name, seat, team: seat }))
  const ratings = Object.entries(moves).map(([name, [before, after]]) => ({ playerId: playerId(name), before, after }))
  const placements = players.map(({ seat }) => [seat])
  const result: PlayedMatch = { matchId, mode, endedAt: 5, outcome: 'completed', placements, players, ratings }
  return { matchId, epoch: 1, after: 0, snapshot, lines: [], result }
}

/** Brings a player to a rating in as many matches as it takes to be placed. */
export async function placed(store: MatchStore, name: string, mu: number, mode = 'duel'): Promise<void> {
  for (let n = 1; n <= PLACEMENT_MATCHES; n += 1) {
    const before = n === 1 ? NEWCOMER : points(mu)
    expect(await store.commit(deciding(`${mode} ${name} ${n}`, { [name]: [before, points(mu)] }, mode))).toBe(true)
  }
}

/** What every store of matches promises about ratings. */
export function matchRatingsContract(name: string, open: () => MatchStore | Promise<MatchStore>) {
  describe(`the contract for ratings: ${name}`, () => {
    let store: MatchStore
    beforeEach(async () => {
      store = await open()
      return () => store.close()
    })
    const ratingOf = async (who: string, mode = 'duel') =>
      (await store.ratings(mode, [playerId(who)])).get(playerId(who))
    const won = deciding('m1', { ann: [NEWCOMER, points(1_600)], bob: [NEWCOMER, points(1_400.25)] })

    test('[RA1] ratings are there with the result, of the mode and of no other', async () => {
      expect(await store.ratings('duel', [playerId('ann')])).toEqual(new Map())
      await store.commit(won)
      expect(await store.ratings('duel', ['bob', 'eve', 'ann'].map(playerId))).toEqual(
        new Map([
          [playerId('bob'), { ...points(1_400.25), matches: 1 }],
          [playerId('ann'), { ...points(1_600), matches: 1 }],
        ]),
      )
      expect(await ratingOf('ann', 'squad')).toBeUndefined()
    })

    test('[RA1] a result that is on record already changes no rating', async () => {
      await store.commit(won)
      const again = deciding('m1', { ann: [points(1_600), points(1_700)] })
      expect(await store.commit(again)).toBe(true)
      await store.remove('m1' as MatchId)
      expect(await store.commit(again)).toBe(true)
      expect(await ratingOf('ann')).toEqual({ ...points(1_600), matches: 1 })
      expect(await store.history(playerId('ann'), 9)).toEqual([won.result])
    })

    test('[RA1] a commit that is refused changes no rating', async () => {
      expect(await store.commit({ ...won, after: 3 })).toBe(false)
      expect(await ratingOf('ann')).toBeUndefined()
    })

    test('[RA1] a result that was judged by ratings of before is refused whole', async () => {
      await store.commit(won)
      const late = deciding('m2', { ann: [NEWCOMER, points(1_550)], cat: [NEWCOMER, points(1_450)] })
      expect(await store.commit(late)).toBe('outdated')
      expect(await store.history(playerId('cat'), 9)).toEqual([])
      expect((await store.load()).matches.map(({ matchId }) => matchId)).toEqual(['m1'])
      expect(await ratingOf('cat')).toBeUndefined()
      const anew = deciding('m2', { ann: [points(1_600), points(1_650)], cat: [NEWCOMER, points(1_450)] })
      expect(await store.commit(anew)).toBe(true)
      expect(await ratingOf('ann')).toEqual({ ...points(1_650), matches: 2 })
    })

    test('[RA1] of two matches that end in one turn the second is judged anew', async () => {
      const other = deciding('m2', { ann: [NEWCOMER, points(1_550)] })
      expect(await Promise.all([store.commit(won), store.commit(other)])).toEqual([true, 'outdated'])
    })

    test('[RA5] a first rating is stored only for a player without one, and counts no match', async () => {
      await store.seedRating('duel', playerId('ann'), points(1_800))
      await store.seedRating('duel', playerId('ann'), points(2_900))
      expect(await ratingOf('ann')).toEqual({ ...points(1_800), matches: 0 })
      expect(await store.commit(won)).toBe('outdated')
      expect(await store.commit(deciding('m1', { ann: [points(1_800), points(1_810)] }))).toBe(true)
      await store.seedRating('duel', playerId('ann'), points(2_900))
      expect(await ratingOf('ann')).toEqual({ ...points(1_810), matches: 1 })
    })

    const day = { after: 0, before: 100, limit: 9 }
    const timesMet = async (who: string, other: string, among = day, mode = 'duel') =>
      (await store.encounters(mode, [playerId(who)], among)).get(playerId(who))?.get(playerId(other)) ?? 0
    /** The first player beats the second. */
    async function meet(id: string, pair: [string, string], more: Partial<PlayedMatch> = {}, mode = 'duel') {
      const current = await store.ratings(mode, pair.map(playerId))
      const move = (name: string, by: number): [Rating, Rating] => {
        const { mu, sigma } = current.get(playerId(name)) ?? NEWCOMER
        return [
          { mu, sigma },
          { mu: mu + by, sigma: sigma - 1 },
        ]
      }
      const commit = deciding(id, { [pair[0]]: move(pair[0], 9), [pair[1]]: move(pair[1], -9) }, mode)
      expect(await store.commit({ ...commit, result: { ...commit.result, ...more } })).toBe(true)
    }

    test('[RA20] opponents meet in results of the mode that changed their ratings, and in no others', async () => {
      await meet('m1', ['ann', 'bob'])
      await meet('m2', ['bob', 'ann'])
      await meet('m3', ['ann', 'cat'])
      await meet('m4', ['ann', 'bob'], {}, 'squad')
      const { ratings: _, ...unrated } = deciding('m5', { ann: [NEWCOMER, NEWCOMER], bob: [NEWCOMER, NEWCOMER] }).result
      await store.commit({ ...deciding('m5', {}), result: unrated })
      expect([await timesMet('ann', 'bob'), await timesMet('bob', 'ann'), await timesMet('cat', 'ann')]).toEqual([
        2, 2, 1,
      ])
      expect([await timesMet('bob', 'cat'), await timesMet('eve', 'ann')]).toEqual([0, 0])
      expect(await timesMet('ann', 'bob', day, 'squad')).toBe(1)
      const asked = ['ann', 'bob', 'eve'].map(playerId)
      expect([...(await store.encounters('duel', asked, day)).keys()]).toEqual(asked)
    })

    test('[RA20] team mates and absent players are no opponents', async () => {
      const moves: Moves = {
        ann: [NEWCOMER, points(1_510)],
        bob: [NEWCOMER, points(1_490)],
        cat: [NEWCOMER, points(1_490)],
      }
      const commit = deciding('m1', moves)
      const players = [...commit.result.players.map((one) => ({ ...one, team: Math.min(one.seat, 1) }))]
      players.push({ playerId: playerId('dan'), name: 'dan', seat: 3, team: 0 })
      await store.commit({ ...commit, result: { ...commit.result, players } })
      expect([await timesMet('ann', 'bob'), await timesMet('ann', 'cat'), await timesMet('bob', 'cat')]).toEqual([
        1, 1, 0,
      ])
      expect([await timesMet('dan', 'bob'), await timesMet('bob', 'dan')]).toEqual([0, 0])
    })

    test('[RA20] what ended before the day, or by a clock that was far ahead, is not looked at', async () => {
      for (const endedAt of [10, 20, 30]) await meet(`m${endedAt}`, ['ann', 'bob'], { endedAt })
      const during = (after: number, before: number) => timesMet('ann', 'bob', { after, before, limit: 9 })
      expect([await during(9, 31), await during(10, 31), await during(19, 31), await during(30, 99)]).toEqual([
        3, 2, 2, 0,
      ])
      expect([await during(0, 30), await during(0, 21), await during(10, 30)]).toEqual([2, 2, 1])
    })

    test('[RA20] the last rated results are looked at, and a few matches that are not rated hide none', async () => {
      for (const n of [1, 2, 3]) await meet(`b${n}`, ['ann', 'bob'], { endedAt: n })
      await meet('c1', ['ann', 'cat'], { endedAt: 4 })
      for (let n = 0; n < 8; n += 1) {
        const { ratings: _, ...unrated } = deciding(`u${n}`, {
          ann: [NEWCOMER, NEWCOMER],
          bob: [NEWCOMER, NEWCOMER],
        }).result
        await store.commit({ ...deciding(`u${n}`, {}), result: { ...unrated, endedAt: 5 + n } })
      }
      const among = { ...day, limit: 3 }
      expect([await timesMet('ann', 'bob', among), await timesMet('bob', 'ann', among)]).toEqual([2, 3])
    })

    test('[RA6] a leaderboard has the placed players, best first, equals by id', async () => {
      await placed(store, 'cat', 1_700)
      await placed(store, 'bob', 1_900)
      await placed(store, 'ann', 1_700)
      await placed(store, 'dan', 2_500, 'squad')
      await store.commit(deciding('last', { eve: [NEWCOMER, points(3_000)] }))
      await store.seedRating('duel', playerId('fay'), points(3_000))
      const standings = await store.leaderboard('duel', { limit: 9 })
      expect(standings).toEqual([
        { playerId: 'bob', name: 'bob', points: pointsOf(points(1_900)), ...points(1_900), matches: 5 },
        { playerId: 'ann', name: 'ann', points: 1_400, ...points(1_700), matches: 5 },
        { playerId: 'cat', name: 'cat', points: 1_400, ...points(1_700), matches: 5 },
      ])
      expect(await store.leaderboard('nothing', { limit: 9 })).toEqual([])
    })

    test('[RA6] a leaderboard goes on behind any place, also one that is empty by now', async () => {
      for (const [n, who] of ['a', 'b', 'c', 'd', 'e'].entries()) await placed(store, who, n < 2 ? 1_000 : 900)
      const behind = async (place: { points: number; playerId: string } | null, limit = 2) => {
        const after = place && { points: place.points, playerId: playerId(place.playerId) }
        return (await store.leaderboard('duel', { limit, ...(after && { after }) })).map((one) => one.playerId)
      }
      expect(await behind(null)).toEqual(['a', 'b'])
      expect(await behind({ points: 700, playerId: 'b' })).toEqual(['c', 'd'])
      expect(await behind({ points: 600, playerId: 'c' }, 9)).toEqual(['d', 'e'])
      expect(await behind({ points: 600, playerId: 'e' })).toEqual([])
      expect(await behind({ points: 650, playerId: 'zoe' }, 1)).toEqual(['c'])
    })

    test('[RA6] a player who loses points moves down the leaderboard, and is on it once', async () => {
      for (const [who, mu] of Object.entries({ ann: 1_900, bob: 1_800 })) await placed(store, who, mu)
      await store.commit(deciding('fall', { ann: [points(1_900), points(1_500)] }))
      const standings = await store.leaderboard('duel', { limit: 9 })
      expect(standings.map(({ name, matches }) => [name, matches])).toEqual([
        ['bob', 5],
        ['ann', 6],
      ])
    })

    test('[RA7] a player is known by results or by ratings', async () => {
      expect(await store.player(playerId('ann'))).toBeNull()
      await store.seedRating('squad', playerId('ann'), points(1_234))
      expect(await store.player(playerId('ann'))).toEqual({
        name: null,
        ratings: [{ mode: 'squad', ...points(1_234), matches: 0 }],
      })
      await store.commit(won)
      const ann = await store.player(playerId('ann'))
      expect(ann?.name).toBe('ann')
      expect(ann?.ratings).toHaveLength(2)
      expect(ann?.ratings).toContainEqual({ mode: 'duel', ...points(1_600), matches: 1 })
      const { ratings: _, ...unrated } = deciding('m3', { gus: [NEWCOMER, NEWCOMER] }).result
      await store.commit({ ...deciding('m3', {}), result: unrated })
      expect(await store.player(playerId('gus'))).toEqual({ name: 'gus', ratings: [] })
    })
  })
}
