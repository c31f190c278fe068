import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Packing } from '../../src/matchmaker/teams/packing.ts'
import { sizesIn } from '../../src/matchmaker/teams/party-sizes.ts'

/** Every way to put the parties into teams, tried one after the other. */
function canPlace(sizes: readonly number[], rooms: readonly number[], fills: (room: number) => boolean): boolean {
  const [size, ...rest] = sizes
  if (size === undefined) return rooms.every(fills)
  return rooms.some((room, team) => room >= size && canPlace(rest, rooms.with(team, room - size), fills))
}
const canFill = (room: number, mask: number): boolean =>
  room === 0 || [1, 2, 3, 4, 5].some((size) => size <= room && (mask >> size) & 1 && canFill(room - size, mask))
const bitsOf = (mask: number) => [0, 1, 2, 3, 4, 5].map((size) => (size > 0 ? (mask >> size) & 1 : 0))
const sizesOf = (counts: readonly number[]) => counts.flatMap((count, size) => Array<number>(count).fill(size))
const format = fc.record({ teams: fc.integer({ min: 1, max: 3 }), teamSize: fc.integer({ min: 1, max: 5 }) })

test('what fits is what some way to place it fits', () => {
  fc.assert(
    fc.property(format, fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }), fc.nat(63), (of, sizes, mask) => {
      const counts = Array.from({ length: of.teamSize + 1 }, (_, n) => sizes.filter((size) => size === n).length)
      const rooms = Array<number>(of.teams).fill(of.teamSize)
      const expected = canPlace(sizesOf(counts), rooms, (room) => canFill(room, mask))
      expect(new Packing(of.teams, of.teamSize).fits(counts, sizesIn(bitsOf(mask)))).toBe(expected)
    }),
  )
})

test.each([
  ['only triples', 2, 5, [0, 0, 0, 99, 0, 0], 3, null],
  ['fours and ones', 2, 5, [0, 2, 0, 0, 2, 0], 4, [0, 2, 0, 0, 2, 0]],
  ['a four, a four and a two', 2, 5, [0, 0, 1, 0, 2, 0], 4, null],
  ['three threes and a one', 2, 5, [0, 1, 0, 3, 0, 0], 3, null],
  ['a party that is the whole match', 1, 4, [0, 0, 0, 0, 1], 4, [0, 0, 0, 0, 1]],
  ['two threes and two twos', 2, 5, [0, 0, 2, 2, 0, 0], 2, [0, 0, 2, 2, 0, 0]],
])('%s in %i × %i', (_, teams, teamSize, atHand, including, recipe) => {
  expect(new Packing(teams, teamSize).recipe(atHand, including)).toEqual(recipe)
})

test('a recipe fills every team, with no more of a size than there are', () => {
  const counts = fc.array(fc.nat(4), { minLength: 6, maxLength: 6 })
  fc.assert(
    fc.property(format, counts, fc.integer({ min: 1, max: 5 }), (of, [, ...some], including) => {
      const atHand = [0, ...some].slice(0, of.teamSize + 1)
      const recipe = new Packing(of.teams, of.teamSize).recipe(atHand, including)
      if (!recipe) return
      expect(sizesOf(recipe).reduce((sum, size) => sum + size, 0)).toBe(of.teams * of.teamSize)
      expect(recipe.every((count, size) => count <= (atHand[size] as number))).toBe(true)
      expect(canPlace(sizesOf(recipe), Array<number>(of.teams).fill(of.teamSize), (room) => room === 0)).toBe(true)
      expect(recipe[including]).toBeGreaterThan(0)
    }),
  )
})
