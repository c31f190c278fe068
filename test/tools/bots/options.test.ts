import { expect, test } from 'vitest'
import { readOptions, UsageError } from '../../../tools/bots/options.ts'

test('without flags there are 20 bots in duels for 10 seconds on this machine', () => {
  expect(readOptions([], {})).toEqual({
    bots: 20,
    mode: 'duel',
    seconds: 10,
    rate: 10,
    url: 'http://localhost:3000',
    isUrlGiven: false,
  })
})

test('the server is the one of --url, else of MUSTER_URL, else the one on PORT', () => {
  const env = { MUSTER_URL: 'http://b', PORT: '4000' }
  expect(readOptions(['--url', 'http://a'], env)).toMatchObject({ url: 'http://a', isUrlGiven: true })
  expect(readOptions([], env)).toMatchObject({ url: 'http://b', isUrlGiven: true })
  expect(readOptions([], { PORT: '4000' })).toMatchObject({ url: 'http://localhost:4000', isUrlGiven: false })
})

const refused = [
  ['--bogus', '1'],
  ['--bots', '0'],
  ['--bots', '1.5'],
  ['--seconds', ''],
  ['--rate', 'x'],
  ['--mode', ''],
  ['--url', 'there'],
  ['stray'],
]
for (const args of refused) {
  test(`${args.join(' ')} is refused with the reason`, () => {
    expect(() => readOptions(args, {})).toThrow(UsageError)
  })
}
