import { expect, test } from 'vitest'
import { isPairLimitReached, type Sided } from '../../src/match/results/pair-limit.ts'
import { playerId } from '../support/openings.ts'

const DAY_MS = 86_400_000

/** Teams as words: `'ab cd'` is two against two. */
const teams = (text: string): Sided[] =>
  text.split(' ').flatMap((team, n) => [...team].map((name) => ({ playerId: playerId(name), team: n })))

/** Looks among opponents who have met so often: `{ ab: 3 }`. */
function asked(lineUp: string, met: Record<string, number>, change: object = {}) {
  const seen: { among: object; players: number }[] = []
  const times = (a: string, b: string) => met[a + b] ?? met[b + a] ?? 0
  const isReached = isPairLimitReached(
    { mode: { id: 'duel', rated: true, ratedPerPairPerDay: 3, ...change }, players: teams(lineUp), at: 5 * DAY_MS },
    {
      async encounters(_, players, among) {
        seen.push({ among, players: players.length })
        return new Map(players.map((a) => [a, new Map(players.map((b) => [b, times(a, b)]))]))
      },
    },
  )
  return { isReached, seen }
}

test.each<[what: string, lineUp: string, met: Record<string, number>, isReached: boolean]>([
  ['a pair that has not met', 'a b', {}, false],
  ['a pair with one result to go', 'a b', { ab: 2 }, false],
  ['a pair with none to go', 'a b', { ab: 3 }, true],
  ['a pair that has met too often already', 'a b', { ab: 9 }, true],
  ['two of three who play for themselves', 'a b c', { ab: 3 }, false],
  ['one of three against both of the others', 'a b c', { ab: 3, ac: 3 }, true],
  ['two of eight, who spoil nothing for the others', 'a b c d e f g h', { ab: 9 }, false],
  ['one of five who has farmed all the others', 'a b c d e', { ab: 3, ac: 3, ad: 3, ae: 3 }, true],
  ['one of five who has farmed all but one', 'a b c d e', { ab: 3, ac: 3, ad: 3 }, false],
  ['a quarter of the pairs of two teams', 'ab cd', { ac: 3 }, false],
  ['one player of a team, with a new partner, against the same two', 'ab cd', { ac: 3, ad: 3 }, true],
  ['both of a team against the same one, whose partner is new', 'ab cd', { ac: 3, bc: 3 }, true],
  ['a pair of each, half of all', 'ab cd', { ac: 3, bd: 3 }, true],
  ['partners, who are no opponents', 'ab cd', { ab: 9, cd: 9 }, false],
  [
    'one of five with four strangers against a party of five',
    'abcde vwxyz',
    { av: 3, aw: 3, ax: 3, ay: 3, az: 3 },
    true,
  ],
  ['one team alone', 'abc', { ab: 9, ac: 9, bc: 9 }, false],
])('[RA21] the limit, for %s', async (_, lineUp, met, isReached) => {
  expect(await asked(lineUp, met).isReached).toBe(isReached)
})

test.each([
  ['the mode is not rated', { rated: false }],
  ['the mode has no limit', { ratedPerPairPerDay: 0 }],
])('[RA20] when %s, nothing is looked up', async (_, change) => {
  const { isReached, seen } = asked('a b', { ab: 99 }, change)
  expect([await isReached, seen]).toEqual([false, []])
})

test('[RA20] the limit is that of the mode', async () => {
  const times = async (met: number) => asked('a b', { ab: met }, { ratedPerPairPerDay: 1 }).isReached
  expect([await times(0), await times(1)]).toEqual([false, true])
})

test('[RA20] either one’s results tell of a pair', async () => {
  const mode = { id: 'duel', rated: true, ratedPerPairPerDay: 3 }
  const meeting = { mode, players: teams('a b'), at: 0 }
  for (const knowing of ['a', 'b']) {
    const other = playerId(knowing === 'a' ? 'b' : 'a')
    const encounters = async () => new Map([[playerId(knowing), new Map([[other, 3]])]])
    expect(await isPairLimitReached(meeting, { encounters })).toBe(true)
  }
})

test('[RA23] the results of a day are read, fewer per player in larger matches, and none for a crowd', async () => {
  const lookedAt = async (players: number) => {
    const names = Array.from({ length: players }, (_, n) => String.fromCodePoint(0x4e00 + n)).join(' ')
    const { isReached, seen } = asked(names, {})
    await isReached
    return seen
  }
  const among = (limit: number) => ({ after: 4 * DAY_MS, before: 6 * DAY_MS, limit })
  expect(await lookedAt(2)).toEqual([{ players: 2, among: among(300) }])
  expect(await lookedAt(10)).toEqual([{ players: 10, among: among(100) }])
  expect(await lookedAt(32)).toEqual([{ players: 32, among: among(31) }])
  expect(await lookedAt(33)).toEqual([])
})
