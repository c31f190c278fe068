import { expect, test } from 'vitest'
import type { MatchStore, PlayedMatch } from '../../src/match/match-store.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const DAY_MS = 86_400_000
const mode = { countdownMs: 0 }
const annWon = { placements: [[0], [1]] }

interface Played {
  /** What the view says before play. */
  before: { rated: boolean; unrated?: string }
  final: { ratings?: object[]; unrated?: string }
}

/** Takes the seats of a match and plays it to a result on which all agree. */
async function plays(group: Player[], matchId: string, result: object = annWon): Promise<Played> {
  const { match } = await (group[0] as Player).joins(matchId)
  for (const player of group.slice(1)) await player.joins(matchId)
  for (const player of group) player.forgets()
  for (const player of group) expect(await player.asks('match:finish', { result })).toMatchObject({ ok: true })
  const { rated, unrated } = match
  const final = await (group[0] as Player).hears('match:event', ({ type }) => type === 'result.final')
  return { before: { rated, ...(unrated && { unrated }) }, final }
}

async function rematch(group: Player[]): Promise<string> {
  for (const player of group) await player.asks('match:rematch', { accept: true })
  const agreed = await (group[0] as Player).hears('match:event', ({ type }) => type === 'rematch.agreed')
  return agreed.nextMatchId
}

/** Lets the room of an ended match close. */
async function isOver(world: World, group: Player[]): Promise<void> {
  await world.clock.advance(20_000)
  for (const player of group) await player.hears('match:closed')
}

const matchesOf = async (world: World, player: Player) =>
  (await world.server.store.ratings('duel', [player.id as PlayerId])).get(player.id as PlayerId)?.matches
const counts = { before: { rated: true }, final: { ratings: [{}, {}] } }
const doesNot = { before: { rated: false, unrated: 'pairLimit' }, final: { unrated: 'pairLimit' } }

test('[RA20] [RA22] of six rematches three move the ratings, the others are told to be unrated before they begin', async () => {
  const world = await startWorld({ mode })
  const group = await world.players('ann', 'bob')
  const played: Played[] = [await plays(group, await world.queue(group))]
  for (let n = 1; n <= 6; n += 1) played.push(await plays(group, await rematch(group)))
  expect(played).toMatchObject([counts, counts, counts, doesNot, doesNot, doesNot, doesNot])
  expect(played.filter(({ final }) => final.ratings)).toHaveLength(3)
  expect([await matchesOf(world, group[0]), await matchesOf(world, group[1])]).toEqual([3, 3])
  const { match } = await group[0].asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(match).toMatchObject({ rated: false, unrated: 'pairLimit', result: { unrated: 'pairLimit' } })
  const { ratings, matches } = await group[1].asks('player:get', { playerId: group[0].id })
  expect(ratings[0]).toMatchObject({ matches: 3 })
  expect(matches.map(({ unrated }: PlayedMatch) => unrated ?? 'rated')).toEqual([
    ...Array(4).fill('pairLimit'),
    ...Array(3).fill('rated'),
  ])
  await world.clock.advance(20_000)
  expect((await group[0].hears('match:closed')).result).toMatchObject({ unrated: 'pairLimit' })
})

test('[RA20] through the queue and in the other order it is the same pair, and others count as before', async () => {
  const world = await startWorld({ mode: { ...mode, ratedPerPairPerDay: 1 } })
  const [ann, bob] = await world.players('ann', 'bob')
  const cat = await world.player('cat')
  const meet = async (group: Player[]) => {
    const played = await plays(group, await world.queue(group))
    await isOver(world, group)
    return played
  }
  expect(await meet([ann, bob])).toMatchObject(counts)
  expect(await meet([bob, ann])).toMatchObject(doesNot)
  expect(await meet([ann, cat])).toMatchObject(counts)
  expect(await meet([cat, bob])).toMatchObject(counts)
  expect(await meet([cat, ann])).toMatchObject(doesNot)
  expect(await Promise.all([ann, bob, cat].map((player) => matchesOf(world, player)))).toEqual([2, 2, 2])
})

test('[RA20] [RA22] after a restart it is still the same day, until 24 hours after the first result', async () => {
  const stores = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const world = await startWorld({ mode, ...stores })
  let group = await world.players('ann', 'bob')
  const startedAt = world.clock.now()
  await plays(group, await world.queue(group))
  for (let n = 0; n < 2; n += 1) {
    await isOver(world, group)
    await plays(group, await world.queue(group))
  }
  await world.close()
  // The first result was at the start, the others 20 and 40 seconds later.
  for (const [later, isRated] of [
    [60_000, false],
    [DAY_MS - 1, false],
    [DAY_MS, true],
    [DAY_MS + 1, false],
    [DAY_MS + 20_000, true],
  ] as const) {
    const next = await startWorld({ mode, ...stores, now: startedAt + later })
    const back: [Player, Player] = [await next.again(group[0]), await next.again(group[1])]
    expect(back.map(({ id }) => id)).toEqual(group.map(({ id }) => id))
    expect(await plays(back, await next.queue(back)), `${later} ms later`).toMatchObject(isRated ? counts : doesNot)
    await next.close()
    // With the tokens of this day.
    group = back
  }
})

test('[RA20] unrated matches use nothing up: disputed results and lobbies', async () => {
  const world = await startWorld({ mode: { ...mode, ratedPerPairPerDay: 1 } })
  const group = await world.players('ann', 'bob')
  const matchId = await world.queue(group)
  for (const player of group) await player.joins(matchId)
  await group[0].asks('match:finish', { result: annWon })
  await group[1].asks('match:finish', { result: { placements: [[1], [0]] } })
  await world.clock.advance(10_000)
  await isOver(world, group)
  expect(await plays(group, await world.queue(group))).toMatchObject(counts)
  expect(await plays(group, await rematch(group))).toMatchObject(doesNot)
})

test('[RA21] two parties use their results up as one pair does', async () => {
  const modes = [
    {
      id: 'duel',
      teams: { count: 2, size: 2 },
      rated: true,
      ratedPerPairPerDay: 1,
      countdownMs: 0,
      matchmaking: { pointsPerSecond: 1_000 },
    },
  ]
  const world = await startWorld({ modes })
  const group = [...(await world.players('ann', 'bob')), ...(await world.players('cat', 'dan'))]
  const party = async (leader: Player, member: Player) => {
    const { party } = await leader.asks('party:create')
    await member.asks('party:join', { code: party.code })
  }
  await party(group[0] as Player, group[1] as Player)
  await party(group[2] as Player, group[3] as Player)
  const meet = async () => {
    for (const leader of [group[0], group[2]] as Player[]) await leader.asks('queue:join', { mode: 'duel' })
    await world.clock.advance(3_000)
    const offers = await Promise.all(group.map((player) => player.hears('match:found')))
    const winners = offers.filter(({ team }) => team === 0).map(({ seat }) => seat)
    const losers = offers.filter(({ team }) => team === 1).map(({ seat }) => seat)
    const played = await plays(group, offers[0].matchId, { placements: [winners, losers] })
    await isOver(world, group)
    return played
  }
  expect(await meet()).toMatchObject({ before: { rated: true }, final: { ratings: [{}, {}, {}, {}] } })
  expect(await meet()).toMatchObject(doesNot)
})

/** A store in which another result of the same players comes first, once. */
function withARival(): MatchStore {
  const memory = openMemoryMatchStore()
  let isFirst = true
  return {
    ...memory,
    async commit(commit) {
      const { result, snapshot } = commit
      if (result?.ratings && isFirst) {
        isFirst = false
        const matchId = 'another match' as MatchId
        await memory.commit({ matchId, epoch: 1, after: 0, lines: [], snapshot, result: { ...result, matchId } })
        await memory.remove(matchId)
      }
      return memory.commit(commit)
    },
  }
}

test('[RA22] of two matches of a pair that end at once, one is one too many, and is told to be', async () => {
  const world = await startWorld({ mode: { ...mode, ratedPerPairPerDay: 1 }, store: withARival() })
  const group = await world.players('ann', 'bob')
  const { before, final } = await plays(group, await world.queue(group))
  expect(before).toEqual({ rated: true })
  expect(final).toMatchObject({ unrated: 'pairLimit' })
  expect(final.ratings).toBeUndefined()
  expect(await matchesOf(world, group[0])).toBe(1)
  const { match } = await group[1].asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(match).toMatchObject({ rated: false, unrated: 'pairLimit', result: { unrated: 'pairLimit' } })
})

test('[RA22] what cannot be read as a match opens is read when it is decided', async () => {
  let isAway = false
  const memory = openMemoryMatchStore()
  const encounters: MatchStore['encounters'] = (...asked) =>
    isAway ? Promise.reject(new Error('away')) : memory.encounters(...asked)
  const world = await startWorld({ mode: { ...mode, ratedPerPairPerDay: 1 }, store: { ...memory, encounters } })
  const group = await world.players('ann', 'bob')
  await plays(group, await world.queue(group))
  await isOver(world, group)
  isAway = true
  const matchId = await world.queue(group)
  for (const player of group) expect(await player.joins(matchId)).toMatchObject({ match: { rated: true } })
  await group[0].asks('match:finish', { result: annWon })
  expect(await group[1].asks('match:finish', { result: annWon })).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  isAway = false
  expect(await group[1].asks('match:finish', { result: annWon })).toMatchObject({ agreed: true })
  const final = await group[0].hears('match:event', ({ type }) => type === 'result.final')
  expect(final).toMatchObject({ unrated: 'pairLimit' })
  expect(await matchesOf(world, group[0])).toBe(1)
})
