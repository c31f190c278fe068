import { expect, test } from 'vitest'
import type { GameRules } from '../../../src/config/rules.ts'
import { rockPaperScissors } from '../../../src/games/rock-paper-scissors.ts'
import { ticTacToe } from '../../../src/games/tictactoe.ts'
import { RulesFailure, testRules } from '../../../tools/testing/index.ts'

const THROWS = ['rock', 'paper', 'scissors'] as const
const mark = ({ random }: { random: () => number }) => ({
  type: 'mark' as const,
  data: { cell: Math.floor(random() * 9) },
})

/** A game of one number, hidden from the other seat until it is guessed, whose parts a test replaces. */
interface Secret {
  numbers: number[]
  guesses: number
}
const sound: GameRules<Secret> = {
  setup: ({ random }) => ({ numbers: [Math.floor(random() * 3), Math.floor(random() * 3)], guesses: 0 }),
  act: (state, { type, data, seat }) =>
    type === 'guess' && typeof data === 'object' && data !== null && 'number' in data
      ? { ...state, guesses: data.number === state.numbers[1 - seat] ? 99 : state.guesses + 1 }
      : { refuse: 'ILLEGAL_ACTION' },
  over: ({ guesses }) => (guesses > 5 ? { placements: [[0, 1]] } : null),
  view: ({ numbers, guesses }, who) => ({ own: who === 'spectator' ? null : numbers[who], guesses }),
  tell: () => undefined,
}
const guess = ({ random }: { random: () => number }) => ({ type: 'guess', data: { number: Math.floor(random() * 3) } })
const options = {
  move: guess,
  hidden: { 'numbers.*': (seat: number) => [seat] },
  hiddenData: { guess: ['number'] },
}
const failureOf = (change: Partial<GameRules<Secret>>): string => {
  try {
    testRules({ ...sound, ...change }, options)
  } catch (fault) {
    expect(fault).toBeInstanceOf(RulesFailure)
    return (fault as Error).message
  }
  return expect.fail('the rules passed')
}

test('[PK9] the shipped games pass, and the machine reaches every state around them', () => {
  const ticTacToeReport = testRules(ticTacToe, { move: mark, mode: { readyCheckMs: 10_000 } })
  expect(ticTacToeReport).toMatchObject({ plays: 200 })
  expect([...ticTacToeReport.states].sort()).toEqual(
    ['closed', 'countdown', 'ended', 'gathering', 'paused', 'playing', 'proposed'].sort(),
  )
  expect(ticTacToeReport.finished).toBeGreaterThan(0)
  expect(ticTacToeReport.refused).toBeGreaterThan(0)
  const rpsReport = testRules(rockPaperScissors, {
    move: ({ random }) => ({ type: 'throw', data: { throw: THROWS[Math.floor(random() * 3)] ?? 'rock' } }),
    hidden: { 'hidden.*': (seat) => [seat] },
    hiddenData: { throw: ['throw'] },
  })
  expect(rpsReport.accepted).toBeGreaterThan(0)
})

test('[PK9] the sound rules of this test pass', () => {
  expect(testRules(sound, options).accepted).toBeGreaterThan(0)
})

test.each<[what: string, change: Partial<GameRules<Secret>>, message: RegExp]>([
  [
    'throw',
    {
      act: () => {
        throw new Error('no such card')
      },
    },
    /^act: no such card\nafter this play:\n/,
  ],
  [
    'change their input',
    {
      act: (state) => {
        state.guesses += 1
        return { ...state }
      },
    },
    /^act: act changes its input/,
  ],
  [
    'use other randomness',
    { act: (state) => ({ ...state, guesses: Math.random() }) },
    /^act: act answers the same input in two ways/,
  ],
  ['keep a Date', { act: (state) => ({ ...state, at: new Date(0) }) as never }, /^act: state\.at is a Date/],
  [
    'forget a seat',
    { over: ({ guesses }) => (guesses > 2 ? { placements: [[0]] } : null) },
    /placements do not name every seat/,
  ],
  [
    'show a hidden number',
    { view: ({ numbers }) => ({ numbers }) },
    /^view shows seat \d the hidden value state\.numbers\.\d/,
  ],
  [
    'show a hidden number to spectators',
    { view: ({ numbers }, who) => (who === 'spectator' ? numbers : null) },
    /^view shows a spectator the hidden value/,
  ],
  ['tell a hidden guess', { tell: ({ data }) => data }, /^tell lets seat \d hear data\.number of guess/],
  [
    'fail only late',
    {
      act: (state, { seat }) => {
        if (state.guesses === 3) throw new Error('late')
        return { ...(sound.act(state, { type: 'guess', data: { number: 9 }, seat }, {} as never) as Secret) }
      },
    },
    /^act: late\nafter this play:/,
  ],
  [
    'time out into nothing',
    { deadline: () => ({ name: 'turn', inMs: 5_000 }), timeout: () => undefined as never },
    /^timeout: state is undefined/,
  ],
])('[PK9] rules that %s fail', (_, change, message) => {
  expect(failureOf(change)).toMatch(message)
})

test('[PK9] the failing play is the shortest', () => {
  const message = failureOf({
    act(state, action, ctx) {
      if (state.guesses === 2) throw new Error('the third guess')
      return sound.act(state, { ...action, data: { number: 9 } }, ctx)
    },
  })
  const steps = message.split('\n').slice(2)
  expect(steps.filter((step) => step.includes('"guess"') || step.includes('acts'))).toHaveLength(3)
  // Play begins, and three guesses.
  expect(steps).toHaveLength(4)
})

test('[PK9] the same seed plays the same', () => {
  expect(testRules(ticTacToe, { move: mark, plays: 20, seed: 7 })).toEqual(
    testRules(ticTacToe, { move: mark, plays: 20, seed: 7 }),
  )
})

test('[PK9] moves that are never accepted fail the test', () => {
  expect(() => testRules(ticTacToe, { move: () => null })).toThrow('the rules accepted no action')
})
