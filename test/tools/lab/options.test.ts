import { expect, test } from 'vitest'
import { readReplayOptions, readSimulateOptions, UsageError } from '../../../tools/lab/options.ts'

test('the usual simulation is an hour of squads', () => {
  expect(readSimulateOptions([])).toMatchObject({
    mode: 'squad',
    rate: 5,
    minutes: 60,
    seed: 1,
    pointsPerSecond: null,
    against: null,
  })
})

test('everything can be said', () => {
  const args =
    '--mode duel --rate 0.5 --minutes 5 --seed 7 --points-per-second 3 --against 6 --patience 30 --declines 0.1'
  expect(readSimulateOptions([...args.split(' '), '--no-regions', '--teams', '2x3'])).toMatchObject({
    mode: 'duel',
    rate: 0.5,
    minutes: 5,
    seed: 7,
    pointsPerSecond: 3,
    against: 6,
    patienceSeconds: 30,
    declineShare: 0.1,
    hasRegions: false,
    teams: { count: 2, size: 3 },
  })
})

test.each([
  ['--rate 0'],
  ['--rate fast'],
  ['--rate='],
  ['--minutes -1'],
  ['--seed 1.5'],
  ['--declines 2'],
  ['--teams 2'],
  ['--teams 0x5'],
  ['--mode='],
  ['--points-per-second NaN'],
  ['--what'],
])('a command that is not understood says so: %s', (args) => {
  expect(() => readSimulateOptions(args.split(' '))).toThrow(UsageError)
})

test('a replay needs a log', () => {
  expect(() => readReplayOptions([])).toThrow(/--log/)
  expect(readReplayOptions(['--log', 'queue.jsonl'])).toMatchObject({ log: 'queue.jsonl', html: 'reports/queue.html' })
})
