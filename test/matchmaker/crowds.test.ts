import { expect, test } from 'vitest'
import type { Matchmaker, MatchmakerMode, Proposal } from '../../src/matchmaker/api.ts'
import { chanceOf } from '../simulation/chance.ts'
import { at, idsOf, ticket, untilQuiet } from './fuzz/table.ts'

const modeOf = (teams: number, teamSize: number, more: Partial<MatchmakerMode> = {}): MatchmakerMode => {
  return { id: 'm', teams, teamSize, ...more }
}
const formats = [
  [30, 1],
  [2, 16],
  [25, 4],
  [3, 40],
  [100, 10],
  [2, 500],
  [1_000, 1],
  [1, 1_000],
  [333, 3],
  [31, 32],
] as const
const headsOf = ({ teams }: Proposal) => teams.map((team) => team.reduce((sum, { players }) => sum + players.length, 0))
const sizesOf = (found: readonly Proposal[]) =>
  found.map((one) => headsOf(one).reduce((sum, heads) => sum + heads, 0)).toSorted((a, b) => b - a)
const sizesIn = (found: readonly Proposal[]) => new Set(found.flatMap(headsOf))

function fill(matchmaker: Matchmaker, sizes: readonly number[], muOf: (n: number) => number = () => 0): void {
  for (const [n, size] of sizes.entries()) matchmaker.add(ticket(`t${n}`, { size, mode: 'm', mu: muOf(n) }), n)
}
const times = (count: number, size = 1) => Array<number>(count).fill(size)

test.each(formats)('[QU31] of %i teams of %i with equal ratings every match starts at once', (teams, teamSize) => {
  const seats = teams * teamSize
  const matchmaker = at(modeOf(teams, teamSize))
  fill(matchmaker, times(3 * seats - 1))
  const { now, found } = untilQuiet(matchmaker, 3 * seats, 1_000)
  expect(sizesOf(found)).toEqual([seats, seats])
  expect(idsOf(found)).toEqual(
    times(2 * seats)
      .map((_, n) => `t${n}`)
      .toSorted(),
  )
  matchmaker.add(ticket('last', { mode: 'm', mu: 0 }), now)
  expect(sizesOf(untilQuiet(matchmaker, now, 1_000).found)).toEqual([seats])
})

test.each(formats)(
  '[QU31] of %i teams of %i with ratings far apart all play in the longest wait',
  (teams, teamSize) => {
    const seats = teams * teamSize
    const chance = chanceOf(seats)
    const matchmaker = at(modeOf(teams, teamSize))
    fill(matchmaker, times(3 * seats), () => chance.between(0, 5_000))
    const { found } = untilQuiet(matchmaker, 3 * seats, 130_000)
    expect(sizesOf(found)).toEqual([seats, seats, seats])
    expect(sizesIn(found)).toEqual(new Set([teamSize]))
  },
)

test.each([
  ['twos and threes in even number', 20, 5, [...times(20, 3), ...times(20, 2)]],
  ['fours and ones', 25, 4, [...times(20, 4), ...times(20, 1)]],
  ['few ones among twos and threes', 25, 4, [...times(20, 2), ...times(16, 3), ...times(16)]],
  ['a party that is a team, and tens', 2, 500, [500, ...times(50, 10)]],
  ['sevens that need a six', 4, 20, [...times(8, 7), ...times(4, 6)]],
  ['sizes of all kinds', 100, 10, Array.from({ length: 100 }, (_, n) => [(n % 9) + 1, 9 - (n % 9)]).flat()],
  ['tens in one team of a thousand', 1, 1_000, times(100, 10)],
])('[QU31] %s fill %i teams of %i', (_, teams, teamSize, sizes) => {
  const matchmaker = at(modeOf(teams, teamSize))
  fill(matchmaker, sizes, (n) => (n * 7) % 50)
  const { found } = untilQuiet(matchmaker, sizes.length, 130_000)
  expect(found.map(headsOf)).toEqual([times(teams, teamSize)])
})

test('[QU31] in a mode for 2 to 64 players, 128 waiting players make two full matches', () => {
  const matchmaker = at(modeOf(64, 1, { minTeams: 2, shortHandedAfterMs: 10_000 }))
  for (let n = 0; n < 128; n += 1) matchmaker.add(ticket(`t${n}`, { mode: 'm', mu: 0 }), 0)
  expect(sizesOf(matchmaker.tick(60_000))).toEqual([64, 64])
})

test.each([
  [64, 1, 100, 36],
  [1_000, 1, 1_700, 700],
  [2, 50, 170, 70],
  [20, 10, 317, 117],
])(
  '[QU31] from %i teams of %i, and fewer after a while, %i players make a full match, and the rest the largest there can be',
  (teams, teamSize, players, rest) => {
    const short = { minTeams: 2, minTeamSize: 1, shortHandedAfterMs: 10_000 }
    const matchmaker = at(modeOf(teams, teamSize, short))
    fill(matchmaker, times(players))
    const [first = 0, second = 0] = sizesOf(untilQuiet(matchmaker, players, 20_000).found)
    expect(first).toBe(teams * teamSize)
    expect(second).toBeGreaterThan(rest - teams)
    expect(second).toBeLessThanOrEqual(rest)
  },
)

test('[QU31] a block in a match of a thousand moves one player to another match, and delays no other', () => {
  const matchmaker = at(modeOf(1_000, 1))
  for (let n = 0; n < 1_001; n += 1) {
    const block = n === 5 ? { block: ['t900-0'] } : {}
    matchmaker.add(ticket(`t${n}`, { mode: 'm', mu: 0, ...block }), n)
  }
  const { found } = untilQuiet(matchmaker, 1_001, 1_000)
  expect(sizesOf(found)).toEqual([1_000])
  expect(idsOf(found).includes('t5') && idsOf(found).includes('t900')).toBe(false)
})

// One of two has a quarrel with the five weakest and is as good as the best; with the other it is the other way round.
const [weakest, best] = [
  [1, 2, 3, 4, 5],
  [96, 97, 98, 99, 100],
]
const quarrels = new Map([
  [0, weakest],
  [10, best],
])
const idsIn = (numbers: readonly number[] = []) => numbers.map((n) => `t${n}-0`)
test.each([
  ['who block many', (n: number) => idsIn(quarrels.get(n))],
  ['whom many block', (n: number) => idsIn([...quarrels.keys()].filter((one) => quarrels.get(one)?.includes(n)))],
])('[QU31] where there is no room for two %s, the others play without them', (_, blockedBy) => {
  for (const mode of [modeOf(100, 1), modeOf(2, 50), modeOf(1, 100)]) {
    const matchmaker = at(mode)
    for (let n = 0; n < 102; n += 1) {
      const block = blockedBy(n)
      const mu = n === 0 ? 95 : n === 10 ? 6 : n
      matchmaker.add(ticket(`t${n}`, { mode: 'm', mu, ...(block.length > 0 && { block }) }), n)
    }
    const { found } = untilQuiet(matchmaker, 102)
    expect(sizesOf(found)).toEqual([100])
    expect(idsOf(found)).not.toContain('t0')
    expect(idsOf(found)).not.toContain('t10')
  }
})

test('[QU31] in many teams each has its roles', () => {
  const matchmaker = at(modeOf(25, 4, { roles: { tank: 1, heal: 1 } }))
  const takes = ['damage', 'damage', 'damage', 'heal', 'tank', 'heal', 'tank']
  for (let n = 0; n < 180; n += 1)
    matchmaker.add(ticket(`t${n}`, { mode: 'm', mu: n % 9, roles: [takes[n % 7] ?? ''] }), n)
  const { found } = untilQuiet(matchmaker, 180, 130_000)
  expect(found.map(headsOf)).toEqual([times(25, 4)])
  for (const team of found[0]?.teams ?? []) {
    expect(team.map(({ roles }) => roles?.[0])).toEqual(expect.arrayContaining(['tank', 'heal']))
  }
})

test('[QU31] teams of a large match are about as strong as each other', () => {
  const chance = chanceOf(3)
  const matchmaker = at(modeOf(20, 10))
  fill(matchmaker, times(200), () => chance.between(1_000, 2_000))
  const [proposal] = untilQuiet(matchmaker, 200, 130_000).found
  expect(proposal?.gap).toBeLessThan(5)
})

test('[QU31] the cost of its searches bounds a tick of large matches', () => {
  const chance = chanceOf(4)
  const matchmaker = at(modeOf(2, 500, { pointsPerSecond: 0.001 }))
  fill(matchmaker, times(3_000), () => chance.between(0, 5_000))
  let ticks = 0
  for (; (matchmaker.nextAt() ?? Infinity) <= 3_000; ticks += 1) matchmaker.tick(3_000, { maxWork: 1_000 })
  expect(ticks).toBeGreaterThan(5)
})

test('[QU31] two parties of ten play each other where teams may have 1 to 76 players', () => {
  const matchmaker = at(modeOf(2, 76, { minTeamSize: 1, shortHandedAfterMs: 20_000 }))
  fill(matchmaker, [10, 10, 76, 75], (n) => n * 40)
  expect(untilQuiet(matchmaker, 10, 130_000).found.map(headsOf)).toEqual([[10, 10]])
})
