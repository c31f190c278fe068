import { expect, test } from 'vitest'
import type { MatchStore, PlayedMatch } from '../../src/match/match-store.ts'
import { rateMatch } from '../../src/match/results/ratings.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const annWon = { placements: [[0], [1]] }
const bobWon = { placements: [[1], [0]] }
const draw = { placements: [[0, 1]] }

/** Everyone claims this result. */
async function finish(group: Player[], result: object): Promise<void> {
  for (const player of group) expect(await player.asks('match:finish', { result })).toMatchObject({ ok: true })
}
const final = (player: Player) => player.hears('match:event', ({ type }) => type === 'result.final')
const ratingOf = async (world: World, player: Player, mode = 'duel') =>
  (await world.server.store.ratings(mode, [player.id as PlayerId])).get(player.id as PlayerId)

/** One more match of those two, from the rematch to the result. */
async function playAgain(world: World, [ann, bob]: [Player, Player], result: object): Promise<string> {
  for (const player of [ann, bob]) await player.asks('match:rematch', { accept: true })
  const { matchId } = await ann.hears('match:event', ({ type }) => type === 'rematch.agreed')
  for (const player of [ann, bob]) await player.joins(matchId)
  await world.clock.advance(3_000)
  for (const player of [ann, bob]) player.forgets()
  await finish([ann, bob], result)
  return matchId
}

test('[RA1] [RA4] a rated match reports and stores its changes of ratings', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  await finish(group, annWon)
  const { ratings } = await final(bob)
  expect(ratings).toEqual([
    { seat: 0, before: 1_500, after: expect.any(Number) },
    { seat: 1, before: 1_500, after: expect.any(Number) },
  ])
  expect(ratings[0].after + ratings[1].after).toBe(3_000)
  expect(ratings[0].after).toBeGreaterThan(1_600)
  expect(Math.round((await ratingOf(world, ann))?.mu ?? 0)).toBe(ratings[0].after)
  expect((await ann.asks('match:sync', { since: { epoch: 1, seq: 0 } })).match.result.ratings).toEqual(ratings)
  expect(await world.server.store.history(bob.id as PlayerId, 1)).toMatchObject([{ matchId, ratings: [{}, {}] }])
  await world.clock.advance(20_000)
  expect((await ann.hears('match:closed')).result.ratings).toEqual(ratings)
})

test('[RA1] [RA2] after a rematch ratings go on from where they were', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  await finish(group, annWon)
  const first = await final(group[0])
  await playAgain(world, group, draw)
  const second = await final(group[0])
  expect(second.ratings.map(({ before }: { before: number }) => before)).toEqual(
    first.ratings.map(({ after }: { after: number }) => after),
  )
  expect(second.ratings[0].after).toBeLessThan(second.ratings[0].before)
  expect(second.ratings[1].after).toBeGreaterThan(second.ratings[1].before)
  expect((await ratingOf(world, group[0]))?.matches).toBe(2)
})

test('[RA3] a disputed result changes nothing', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  await group[0].asks('match:finish', { result: annWon })
  await group[1].asks('match:finish', { result: bobWon })
  await world.clock.advance(10_000)
  const { disputed, ratings } = await final(group[0])
  expect({ disputed, ratings }).toEqual({ disputed: true })
  expect(await ratingOf(world, group[0])).toBeUndefined()
})

test('[RA3] a mode without rated changes nothing', async () => {
  const world = await startWorld({ mode: { rated: false } })
  const { group } = await world.playing('ann', 'bob')
  await finish(group, annWon)
  expect((await final(group[0])).ratings).toBeUndefined()
  expect(await ratingOf(world, group[0])).toBeUndefined()
})

test('[RA3] a match without remaining players changes no rating', async () => {
  const world = await startWorld({ mode: { endWhen: 'nobodyLeft' } })
  const { group } = await world.playing('ann', 'bob')
  for (const player of group) await player.asks('match:leave')
  expect(await ratingOf(world, group[0])).toBeUndefined()
})

test.each([
  ['quits', (player: Player) => player.asks('match:leave')],
  ['drops for good', async (player: Player) => player.drops()],
])('[RA2] who %s is rated, who never came is not', async (_, leave) => {
  const modes = [{ id: 'brawl', players: { min: 2, max: 4 }, rated: true, countdownMs: 0 }]
  const world = await startWorld({ modes })
  const group = await Promise.all(['a', 'b', 'c', 'd'].map(world.player))
  const [a, b, c, d] = group as [Player, Player, Player, Player]
  const matchId = await world.queue(group)
  for (const player of [a, b, c]) await player.joins(matchId)
  await world.clock.advance(15_000)
  await leave(c)
  const seat = (player: Player) => world.offers(player).seat
  await a.hears('match:event', ({ type, seat: who }) => /^player.(away|left)$/.test(type) && who === seat(c))
  await world.clock.advance(30_000)
  await finish([a, b], { placements: [[seat(a)], [seat(b)]] })
  const { ratings } = await final(a)
  const rated = ratings.map((one: { seat: number }) => one.seat).sort()
  expect(rated).toEqual([a, b, c].map(seat).sort())
  const mu = async (player: Player) => (await ratingOf(world, player, 'brawl'))?.mu ?? Number.NaN
  expect(await mu(a)).toBeGreaterThan(await mu(b))
  // Named last together: who left, and who never came.
  expect(await mu(b)).toBeGreaterThan(await mu(c))
  expect(await ratingOf(world, d, 'brawl')).toBeUndefined()
})

/** A store that does something else before some commit that carries a result. */
function meddledWith(before: (result: PlayedMatch, store: MatchStore) => Promise<void>): MatchStore {
  const memory = openMemoryMatchStore()
  return {
    ...memory,
    async commit(commit) {
      if (commit.result) await before(commit.result, memory)
      return memory.commit(commit)
    },
  }
}

test('[RA1] when a rating moves while a match is judged, it is judged anew and nothing is lost', async () => {
  const judged: PlayedMatch[] = []
  const store = meddledWith(async (result, memory) => {
    judged.push(result)
    // Another match of the first player ends just before.
    const { matchId, players } = result
    const other = { ...result, matchId: `other ${matchId}` as typeof matchId, players: players.slice(0, 1) }
    const [first] = result.ratings ?? []
    if (judged.length > 1 || !first) return
    const ratings = [{ ...first, after: { mu: 2_000, sigma: 100 } }]
    await memory.commit({
      ...(await anyCommit(memory, matchId)),
      matchId: other.matchId,
      result: { ...other, ratings },
    })
  })
  const world = await startWorld({ store })
  const { group } = await world.playing('ann', 'bob')
  await finish(group, annWon)
  const { ratings } = await final(group[1])
  expect(judged.map((one) => one.ratings?.[0]?.before.mu)).toEqual([1_500, 2_000])
  expect(ratings[0].before).toBe(2_000)
  expect(await ratingOf(world, group[0])).toMatchObject({ matches: 2 })
  expect((await ratingOf(world, group[0]))?.mu).toBeGreaterThan(2_000)
})

async function anyCommit(memory: MatchStore, matchId: string) {
  const found = (await memory.load()).matches.find((one) => one.matchId === matchId)
  if (!found) throw new Error('no such match')
  return { epoch: 1, after: 0, lines: [], snapshot: found.snapshot as never }
}

test('[RA1] while ratings cannot be read a match is not decided, and it is once they can', async () => {
  let isAway = false
  const memory = openMemoryMatchStore()
  const store: MatchStore = {
    ...memory,
    ratings: (...of) => (isAway ? Promise.reject(new Error('away')) : memory.ratings(...of)),
  }
  const world = await startWorld({ store })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  isAway = true
  await ann.asks('match:finish', { result: annWon })
  expect(await bob.asks('match:finish', { result: annWon })).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(await ann.heardSoFar('match:event')).not.toContainEqual(expect.objectContaining({ type: 'result.final' }))
  isAway = false
  expect(await bob.asks('match:finish', { result: annWon })).toMatchObject({ agreed: true })
  expect((await final(ann)).ratings).toHaveLength(2)
  expect((await ratingOf(world, ann))?.matches).toBe(1)
})

test('[RA1] while the store is at odds with every judgement, nothing is decided', async () => {
  let isAtOdds = true
  const memory = openMemoryMatchStore()
  const commit: MatchStore['commit'] = async (of) => (isAtOdds && of.result ? 'outdated' : memory.commit(of))
  const world = await startWorld({ store: { ...memory, commit } })
  const { group } = await world.playing('ann', 'bob')
  await group[0].asks('match:finish', { result: draw })
  expect(await group[1].asks('match:finish', { result: draw })).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  isAtOdds = false
  expect(await group[1].asks('match:finish', { result: draw })).toMatchObject({ agreed: true })
})

test('[RA1] reported changes follow from the stored ratings', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  await finish(group, annWon)
  await playAgain(world, group, bobWon)
  const [last, first] = await world.server.store.history(group[0].id as PlayerId, 2)
  if (!first?.ratings || !last?.ratings) throw new Error('not rated')
  const after = new Map(first.ratings.map((one) => [one.playerId, one.after]))
  expect(rateMatch(first, new Map())).toEqual(first.ratings)
  expect(rateMatch(last, after)).toEqual(last.ratings)
})
