import { expect, test } from 'vitest'
import {
  type Matchmaker,
  type MatchmakerMode,
  TicketError,
  type TicketFault,
  type TicketPlayer,
} from '../../src/matchmaker/api.ts'
import { createMatchmaker } from '../../src/matchmaker/matchmaker.ts'
import { at, brawl, duel, fives, idsOf, raid, teamsOf, ticket, untilQuiet } from './fuzz/table.ts'

test.each([
  ['only triples', [3, 3, 3, 3, 3]],
  ['{4, 4, 2}', [4, 4, 2]],
  ['{3, 3, 3, 1}', [3, 3, 3, 1]],
  ['fours without ones', [4, 4, 4, 2, 2]],
])('%s fill no five against five, and nobody asks for a tick for ever', (_, sizes) => {
  const matchmaker = at(fives)
  for (const [n, size] of sizes.entries()) matchmaker.add(ticket(`t${n}`, { size, mode: 'fives' }), 0)
  expect(untilQuiet(matchmaker, 0).found).toEqual([])
  expect(matchmaker.stats().queued).toBe(sizes.length)
})

test.each([
  ['fours and ones', [4, 4, 1, 1]],
  ['{3, 3, 3, 1} once two twos have come', [3, 3, 3, 1, 2, 2]],
  ['{4, 4, 2} once two ones have come', [4, 4, 2, 1, 1]],
  ['a five, and ones', [5, 1, 1, 1, 1, 1]],
  ['twos and ones', [2, 2, 2, 2, 1, 1]],
  ['a three that must meet a two on both sides', [3, 3, 2, 2]],
])('%s play five against five', (_, sizes) => {
  const matchmaker = at(fives)
  for (const [n, size] of sizes.entries()) matchmaker.add(ticket(`t${n}`, { size, mode: 'fives' }), n)
  const [proposal] = untilQuiet(matchmaker, 0).found
  const heads = proposal?.teams.map((team) => team.reduce((sum, { players }) => sum + players.length, 0))
  expect(heads).toEqual([5, 5])
})

test('scarce sizes are not left alone: the last solos go to the four-stacks', () => {
  const matchmaker = at(fives)
  for (let n = 0; n < 4; n += 1) matchmaker.add(ticket(`four${n}`, { size: 4, mode: 'fives' }), n)
  for (let n = 0; n < 4; n += 1) matchmaker.add(ticket(`one${n}`, { mode: 'fives' }), 10 + n)
  expect(untilQuiet(matchmaker, 0).found).toHaveLength(2)
})

test('a party that is the whole match plays at once', () => {
  const matchmaker = at(raid)
  matchmaker.add(ticket('all', { size: 4, mode: 'raid' }), 0)
  expect(teamsOf(untilQuiet(matchmaker, 0, 1_000).found)).toEqual([[['all']]])
})

test('with all ratings equal everybody plays, and of an odd number the youngest waits', () => {
  const matchmaker = at(duel)
  for (let n = 0; n < 101; n += 1) matchmaker.add(ticket(`t${n}`), n)
  expect(untilQuiet(matchmaker, 100).found).toHaveLength(50)
  expect(matchmaker.explain('t100', 101)?.waitedMs).toBe(1)
})

const refused: [why: string, bad: Parameters<typeof ticket>[1] & object, fault: TicketFault][] = [
  ['a rating that is no number', { mu: Number.NaN }, 'rating'],
  ['an infinite rating', { mu: Number.POSITIVE_INFINITY }, 'rating'],
  ['a rating infinitely far down', { mu: Number.NEGATIVE_INFINITY }, 'rating'],
  ['a mode that is not there', { mode: 'chess' }, 'mode'],
  ['a mode that only an object has', { mode: 'constructor' }, 'mode'],
  ['one mode of two that is not there', { mode: ['duel', 'chess'] }, 'mode'],
  ['no mode', { mode: [] }, 'mode'],
  ['a party larger than a team', { size: 2 }, 'size'],
  ['nobody', { size: 0 }, 'players'],
  ['negative credit', { creditMs: -1 }, 'credit'],
  ['credit that is no number', { creditMs: Number.NaN }, 'credit'],
  ['a latency that is no number', { latencies: { eu: Number.NaN } }, 'latencies'],
]
const stateOf = (matchmaker: Matchmaker) =>
  JSON.stringify([
    matchmaker.stats(),
    ...['here', 't', 'bad'].map((id) => matchmaker.explain(id, 5)),
    matchmaker.nextAt(),
  ])
test.each(refused)('%s is refused, and nothing has changed', (_, bad, fault) => {
  const matchmaker = at(duel, { regions: ['eu'] })
  matchmaker.add(ticket('here'), 0)
  const before = stateOf(matchmaker)
  expect(() => matchmaker.add(ticket('bad', bad), 5)).toThrow(TicketError)
  expect(() => matchmaker.add(ticket('bad', bad), 5)).toThrow(expect.objectContaining({ fault }))
  expect(stateOf(matchmaker)).toBe(before)
})

test('an invalid change is refused, and the ticket stays as it was', () => {
  const matchmaker = at(duel)
  matchmaker.add(ticket('t'), 0)
  const before = stateOf(matchmaker)
  const { players } = ticket('t', { mu: Number.NaN })
  expect(() => matchmaker.update('t', { players }, 5)).toThrow(expect.objectContaining({ fault: 'rating' }))
  expect(stateOf(matchmaker)).toBe(before)
})

test('negative ratings are ratings', () => {
  const matchmaker = at(duel)
  for (const [id, mu] of Object.entries({ a: -3_000, b: 5, c: -2_999, d: 6 })) matchmaker.add(ticket(id, { mu }), 0)
  const pairs = teamsOf(untilQuiet(matchmaker, 0).found).map((teams) => teams.flat().toSorted())
  expect(pairs.toSorted()).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ])
})

test('on a scale from 1 to 50 the near ones find each other', () => {
  const matchmaker = at(duel)
  for (const [id, mu] of Object.entries({ a: 10, b: 40, c: 11, d: 41 })) matchmaker.add(ticket(id, { mu }), 0)
  const pairs = teamsOf(untilQuiet(matchmaker, 0).found).map((teams) => teams.flat().toSorted())
  expect(pairs.toSorted()).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ])
})

test('a player is in one ticket, be it queued or held', () => {
  const matchmaker = at(fives, { modes: [fives, duel] })
  matchmaker.add(ticket('a'), 0)
  const twice = { ...ticket('other'), players: [{ id: 'a-0', mu: 1 }] }
  const duplicate = expect.objectContaining({ fault: 'duplicate' })
  expect(() => matchmaker.add(twice, 0)).toThrow(duplicate)
  expect(() => matchmaker.add({ ...twice, mode: 'fives' }, 0)).toThrow(duplicate)
  expect(() => matchmaker.add({ ...ticket('twins'), players: [...twice.players, ...twice.players] }, 0)).toThrow(
    TicketError,
  )
  matchmaker.add(ticket('b'), 0)
  expect(matchmaker.tick(200_000)).toHaveLength(1)
  expect(() => matchmaker.add(twice, 200_000)).toThrow(duplicate)
  expect(() => matchmaker.add(ticket('a'), 200_000)).toThrow(duplicate)
})

test('a cancel in the tick of the match wins, once, and the other searches on with its age', () => {
  const matchmaker = at(duel)
  matchmaker.add(ticket('a', { creditMs: 500 }), 1_000)
  matchmaker.add(ticket('b'), 1_000)
  const [proposal] = matchmaker.tick(200_000)
  expect(matchmaker.remove('b', 200_000)).toBe(true)
  expect(matchmaker.remove('b', 200_000)).toBe(false)
  expect(matchmaker.confirm(proposal?.id ?? '')).toBe(false)
  expect(matchmaker.reject(proposal?.id ?? '', { who: [], now: 200_000 })).toBe(false)
  expect(matchmaker.stats()).toMatchObject({ added: 2, queued: 1, held: 0, removed: 1, matched: 0 })
  expect(matchmaker.explain('a', 200_000)?.waitedMs).toBe(199_500)
  expect(matchmaker.tick(300_000)).toEqual([])
})

test('three tickets that pairwise share a region but have none in common are not matched', () => {
  const regions = ['eu', 'us', 'asia']
  const matchmaker = at(brawl, { regions })
  for (const [n, region] of regions.entries()) {
    const latencies = { [region]: 20, [regions[(n + 1) % 3] ?? '']: 30 }
    matchmaker.add(ticket(`t${n}`, { mode: 'brawl', latencies }), 0)
  }
  expect(untilQuiet(matchmaker, 0).found).toEqual([])
  matchmaker.add(ticket('u', { mode: 'brawl', latencies: { eu: 20 } }), 4_000_000)
  matchmaker.add(ticket('v', { mode: 'brawl', latencies: { eu: 20 } }), 4_000_000)
  expect(untilQuiet(matchmaker, 4_000_000).found).toMatchObject([{ region: 'eu' }])
})

test('a player who blocks everyone, or whom everyone blocks, is not matched; the others are', () => {
  const matchmaker = at(duel)
  matchmaker.add(ticket('hermit', { block: ['a-0', 'b-0', 'c-0', 'd-0', 'outcast-0'] }), 0)
  matchmaker.add(ticket('outcast'), 0)
  for (const id of ['a', 'b', 'c', 'd']) matchmaker.add(ticket(id, { block: ['outcast-0'] }), 1)
  expect(idsOf(untilQuiet(matchmaker, 0).found)).toEqual(['a', 'b', 'c', 'd'])
  expect(matchmaker.explain('outcast', 1)?.blockedBy).toMatchObject({ block: 0, rating: 1 })
  expect(matchmaker.explain('hermit', 1)?.blockedBy).toMatchObject({ block: 1 })
})

test('the best of all plays at night, no later than the longest wait', () => {
  const matchmaker = at(duel, { maxWaitMs: 60_000 })
  matchmaker.add(ticket('best', { mu: 4_000 }), 0)
  const found = []
  for (let now = 5_000; now <= 60_000; now += 5_000) {
    matchmaker.add(ticket(`t${now}`, { mu: 1_400 + (now % 70) }), now)
    for (const proposal of matchmaker.tick(now)) {
      matchmaker.confirm(proposal.id)
      found.push(proposal)
    }
  }
  found.push(...untilQuiet(matchmaker, 60_000, 15_000).found)
  expect(idsOf(found)).toContain('best')
})

test('after an hour without a tick everyone plays in the first', () => {
  const matchmaker = at(duel)
  for (let n = 0; n < 40; n += 1) matchmaker.add(ticket(`t${n}`, { mu: n * 400 }), n)
  expect(matchmaker.tick(3_600_000)).toHaveLength(20)
  expect(matchmaker.nextAt()).toBeNull()
})

test('without free servers tickets keep their age, and no search is repeated in vain', () => {
  const matchmaker = at(duel)
  for (let n = 0; n < 10; n += 1) matchmaker.add(ticket(`t${n}`, { mu: 1_500 + n }), 0)
  let proposals = 0
  let now = 0
  for (let next = matchmaker.nextAt(); next !== null && next <= 60_000; next = matchmaker.nextAt()) {
    now = Math.max(now, next)
    for (const { id } of matchmaker.tick(now)) {
      proposals += 1
      expect(proposals).toBeLessThan(3_000)
      expect(matchmaker.reject(id, { who: [], now })).toBe(true)
    }
  }
  expect(proposals).toBeGreaterThan(0)
  expect(matchmaker.explain('t3', 60_000)?.waitedMs).toBe(60_000)
  expect(idsOf(untilQuiet(matchmaker, 60_000, 400_000).found)).toHaveLength(10)
})

test('tickets that were proposed to a match that just ended search on', () => {
  const matchmaker = at(duel)
  matchmaker.addBackfill({ id: 'm', mode: 'duel', teams: [[{ id: 'p', mu: 1_500 }], []] }, 0)
  matchmaker.add(ticket('a'), 0)
  const [proposal] = matchmaker.tick(200_000)
  expect(proposal).toMatchObject({ backfill: 'm', teams: [[], [{ id: 'a' }]] })
  expect(matchmaker.removeBackfill('m', 200_000)).toBe(true)
  expect(matchmaker.removeBackfill('m', 200_000)).toBe(false)
  expect(matchmaker.confirm(proposal?.id ?? '')).toBe(false)
  expect(matchmaker.stats()).toMatchObject({ queued: 1, held: 0, matched: 0, backfills: 0 })
  expect(matchmaker.tick(400_000)).toEqual([])
})

test('a ticket returning from a match that ended has its age as of that instant', () => {
  const [early, late] = [at(duel), at(duel)]
  for (const matchmaker of [early, late]) {
    matchmaker.addBackfill({ id: 'm', mode: 'duel', teams: [[{ id: 'p', mu: 1_500 }], []] }, 0)
    for (const n of [1, 2, 3, 4]) matchmaker.add(ticket(`r${n}`, { mu: 1_000 + 400 * n }), 0)
    matchmaker.add(ticket('a', { mu: 1_510 }), 0)
    expect(matchmaker.tick(200_000)).not.toEqual([])
  }
  // Something else is heard of at 230 s by one of them alone.
  early.remove('nobody', 230_000)
  for (const matchmaker of [early, late]) expect(matchmaker.removeBackfill('m', 230_000)).toBe(true)
  for (const matchmaker of [early, late]) expect(matchmaker.nextAt()).toBe(230_000)
})

test('a rating that changes while queued counts from then on, and the ticket keeps its age', () => {
  const matchmaker = at(duel)
  matchmaker.add(ticket('a', { mu: 0 }), 0)
  matchmaker.add(ticket('b', { mu: 50_000 }), 0)
  expect(matchmaker.tick(1_000)).toEqual([])
  expect(matchmaker.update('b', { players: ticket('b', { mu: 0 }).players }, 1_000)).toBe(true)
  expect(matchmaker.explain('b', 1_000)?.waitedMs).toBe(1_000)
  expect(untilQuiet(matchmaker, 1_000, 1_000).found).toHaveLength(1)
})

test('an id may be used again once its ticket is gone, and starts anew', () => {
  const matchmaker = at(duel)
  matchmaker.add(ticket('a', { creditMs: 9_000 }), 0)
  matchmaker.remove('a', 10)
  matchmaker.add(ticket('a'), 20)
  expect(matchmaker.explain('a', 25)?.waitedMs).toBe(5)
  matchmaker.add(ticket('b'), 25)
  const [proposal] = matchmaker.tick(200_000)
  expect(matchmaker.confirm(proposal?.id ?? '')).toBe(true)
  matchmaker.add(ticket('a'), 200_000)
  expect(matchmaker.explain('a', 200_001)?.waitedMs).toBe(1)
  expect(matchmaker.stats()).toMatchObject({ added: 4, removed: 1, matched: 2, queued: 1 })
})

test('ids that objects have of their own are ids like others', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  const matchmaker = at(duel)
  for (const id of names) matchmaker.add({ id, mode: 'duel', players: [{ id, mu: 1 }] }, 0)
  expect(idsOf(untilQuiet(matchmaker, 0).found)).toEqual(names.toSorted())
})

test('a property that every object has does not satisfy an attribute', () => {
  const matchmaker = at(duel)
  matchmaker.add(ticket('a', { wants: { constructor: { min: 0 }, toString: ['x'] } }), 0)
  matchmaker.add(ticket('b'), 0)
  expect(untilQuiet(matchmaker, 0).found).toEqual([])
})

test('members of a team are ordered by their wait', () => {
  const matchmaker = at(raid)
  const credits = { oldest: 20_000, young: 0, middle: 5_000, old: 9_000 }
  for (const [n, [id, creditMs]] of Object.entries(credits).entries())
    matchmaker.add(ticket(id, { mode: 'raid', creditMs, mu: 1_500 + n }), 20_000)
  expect(teamsOf(untilQuiet(matchmaker, 20_000).found)).toEqual([[['oldest', 'old', 'middle', 'young']]])
})

const rated = (mu: number, count: number, name: string) =>
  Array.from({ length: count }, (_, n) => ({ id: `${name}${mu}-${n}`, mu }))
const trio: MatchmakerMode = { id: 'trio', teams: 2, teamSize: 3 }
/** The team that somebody of this strength is to join, in a match of teams of three. */
function teamJoined(teams: TicketPlayer[][], said: { mu?: number; size?: number } = {}): number {
  const matchmaker = at(trio)
  matchmaker.addBackfill({ id: 'm', mode: 'trio', teams }, 0)
  matchmaker.add(ticket('late', { mode: 'trio', mu: 1_600, ...said }), 0)
  const [proposal] = untilQuiet(matchmaker, 0).found
  return proposal?.teams.findIndex((team) => team.length > 0) ?? -1
}

test('[QU40] a late joiner joins the weaker team, not the one with more room', () => {
  const [weak, strong] = [rated(1_400, 2, 'w'), rated(1_600, 2, 's')]
  expect(teamJoined([strong, weak])).toBe(1)
  expect(teamJoined([weak, strong])).toBe(0)
  expect(teamJoined([strong.slice(1), weak])).toBe(1)
  expect(teamJoined([strong, weak], { mu: 1_300 })).toBe(1)
  // Of equal ones, the smaller; and nobody is weaker than anybody.
  expect(teamJoined([strong, rated(1_600, 1, 'x')])).toBe(1)
  expect(teamJoined([strong, []])).toBe(1)
})

test('[QU40] a weaker team without room for a whole party takes none of it', () => {
  const [weak, strong] = [rated(1_400, 2, 'w'), rated(1_600, 1, 's')]
  expect(teamJoined([rated(1_400, 3, 'w'), strong])).toBe(1)
  expect(teamJoined([weak, strong], { size: 2 })).toBe(1)
  expect(teamJoined([weak, strong], { size: 3 })).toBe(-1)
})

test('[QU41] beside many open matches that are nearer and have no seat for a party, one far off takes it in the end', () => {
  const matchmaker = at(trio)
  const open = (n: number, mu: number, free: number) =>
    matchmaker.addBackfill(
      { id: `m${n}`, mode: 'trio', teams: [rated(mu, 3, `a${n}`), rated(mu, 3 - free, `b${n}`)] },
      0,
    )
  for (let n = 0; n < 100; n += 1) open(n, 1_500 + n, 1)
  open(100, 2_900, 2)
  matchmaker.tick(0)
  matchmaker.add(ticket('pair', { mode: 'trio', size: 2 }), 1)
  expect(untilQuiet(matchmaker, 1).found).toMatchObject([{ backfill: 'm100' }])
})

test('[QU41] a ticket that accepts anyone joins an open match out of reach when the nearer ones refuse it', () => {
  const matchmaker = at(trio)
  for (let n = 0; n < 100; n += 1) {
    const about = n === 99 ? { mu: 2_500 } : { mu: 1_500 + n, block: ['late-0'] }
    const teams = [rated(about.mu, 3, `a${n}`), rated(about.mu, 2, `b${n}`)]
    matchmaker.addBackfill({ id: `m${n}`, mode: 'trio', teams, ...(about.block && { block: about.block }) }, 0)
  }
  matchmaker.tick(0)
  matchmaker.add(ticket('late', { mode: 'trio' }), 1)
  expect(untilQuiet(matchmaker, 1).found).toMatchObject([{ backfill: 'm99' }])
})

test('[QU43] why a ticket waits is counted one by one among few, and among many some stand for all', () => {
  for (const [count, off] of [
    [300, 0],
    [3_000, 30],
  ] as const) {
    const matchmaker = at(duel)
    for (let n = 0; n < count; n += 1) {
      const attributes = { map: n % 3 === 0 ? 'desert' : 'forest' }
      matchmaker.add(ticket(`t${n}`, { mu: 1_000_000 + 1_000 * n, attributes, wants: attributes }), 0)
    }
    const why = matchmaker.explain('t0', 1)
    expect(Math.abs((why?.blockedBy.attributes ?? 0) - (2 * count) / 3)).toBeLessThanOrEqual(off)
    expect(Math.abs((why?.blockedBy.rating ?? 0) - count / 3)).toBeLessThanOrEqual(off + 1)
  }
})

test('[QU44] however many open matches are due, a bounded tick looks at tickets too, and goes on at the next', () => {
  const matchmaker = createMatchmaker({ modes: [trio, duel] })
  for (let n = 0; n < 500; n += 1) {
    matchmaker.addBackfill(
      { id: `m${n}`, mode: 'trio', teams: [rated(1_500, 3, `a${n}`), rated(1_500, 2, `b${n}`)] },
      0,
    )
  }
  for (const id of ['a', 'b']) matchmaker.add(ticket(id), 0)
  expect(idsOf(matchmaker.tick(0, { maxWork: 20 }))).toEqual(['a', 'b'])
  expect(matchmaker.nextAt()).toBe(0)
  for (let ticks = 0; matchmaker.nextAt() === 0; ticks += 1) {
    expect(ticks).toBeLessThan(500)
    matchmaker.tick(0, { maxWork: 20 })
  }
})
