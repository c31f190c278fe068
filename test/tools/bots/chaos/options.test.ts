import { expect, test } from 'vitest'
import { readOptions } from '../../../../tools/bots/chaos/options.ts'
import { UsageError } from '../../../../tools/bots/options.ts'

const newSeed = () => 42

test('without flags there are 30 kills under 200 matches, with a seed of its own', () => {
  expect(readOptions([], newSeed)).toEqual({ kills: 30, matches: 200, seed: 42, minUpMs: 300, maxUpMs: 2_000 })
})

test('the seed of an earlier run may be given', () => {
  expect(readOptions(['--seed', '7', '--kills', '5', '--matches', '20'], newSeed)).toMatchObject({
    seed: 7,
    kills: 5,
    matches: 20,
  })
})

const refused = [
  ['--bogus', '1'],
  ['--kills', '0'],
  ['--kills', ''],
  ['--matches', '1.5'],
  ['--matches', '2001'],
  ['--seed', '-1'],
  ['--seed', 'x'],
  ['--min-up-ms', '900', '--max-up-ms', '800'],
  ['stray'],
]
for (const args of refused) {
  test(`${args.join(' ')} is refused with the reason`, () => {
    expect(() => readOptions(args, newSeed)).toThrow(UsageError)
  })
}
