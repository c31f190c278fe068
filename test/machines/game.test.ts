import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GameRules } from '../../src/config/rules.ts'
import { rockPaperScissors } from '../../src/games/rock-paper-scissors.ts'
import { ticTacToe } from '../../src/games/tictactoe.ts'
import { gameAt } from '../../src/machines/match/game.ts'
import { isSameJson } from '../../src/util/plain-json.ts'
import { dice } from '../../src/util/random.ts'

const seats = [
  { seat: 0, team: 0 },
  { seat: 1, team: 1 },
]
const at = (rules: unknown) => gameAt({ rules: rules as GameRules, seats, sandbox: (run) => run() })

test('[RU5] the dice are fair enough, and the same seed throws the same', () => {
  const [a, b] = [dice(7), dice(7)]
  const throws = Array.from({ length: 10_000 }, () => a.next())
  for (const one of throws.slice(0, 100)) expect(b.next()).toBe(one)
  expect(Math.min(...throws)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...throws)).toBeLessThan(1)
  expect(throws.reduce((sum, one) => sum + one, 0) / throws.length).toBeCloseTo(0.5, 1)
  const later = dice(b.state)
  expect(later.next()).toBe(throws[100])
})

test('[RU5] a game goes on from its stored form as if nothing had happened', () => {
  const moves = fc.array(fc.record({ seat: fc.integer({ min: 0, max: 1 }), cell: fc.nat(8) }), { maxLength: 30 })
  fc.assert(
    fc.property(fc.nat(), moves, (seed, list) => {
      const play = at(ticTacToe)
      let game = play.begin(seed, 0).game
      for (const { seat, cell } of list) {
        const action = { seat, type: 'mark', data: { cell } }
        const step = play.act(game, action, 1)
        expect(play.act(JSON.parse(JSON.stringify(game)), action, 1)).toEqual(step)
        if (!('refuse' in step)) game = step.game
      }
    }),
  )
})

test('[RU1] any game of tic-tac-toe has at most one winner and ends within nine marks', () => {
  fc.assert(
    fc.property(fc.nat(), fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }), (seed, cells) => {
      const play = at(ticTacToe)
      let step = play.begin(seed, 0)
      for (const cell of cells) {
        if (step.over) break
        const { turn } = step.game.state as { turn: number }
        const next = play.act(step.game, { seat: turn, type: 'mark', data: { cell } }, 1)
        if ('refuse' in next) throw new Error('a legal mark was refused')
        step = next
      }
      expect(step.over).not.toBeNull()
    }),
  )
})

test('[RU1] a seat without a throw loses, and paper wraps rock', () => {
  const play = at(rockPaperScissors)
  const begun = play.begin(1, 0).game
  const one = play.act(begun, { seat: 0, type: 'throw', data: { throw: 'rock' } }, 1)
  if ('refuse' in one) throw new Error('refused')
  expect(play.timeout(one.game, 'round', 2).game.state).toMatchObject({ wins: [1, 0], rounds: [['rock', null]] })
  const both = play.act(one.game, { seat: 1, type: 'throw', data: { throw: 'paper' } }, 2)
  expect(both).toMatchObject({ game: { state: { wins: [0, 1] } }, over: null })
})

test('rules that change their input do not change the match', () => {
  const play = at({
    ...ticTacToe,
    act: (board: { cells: number[] }) => {
      board.cells[0] = 1
      return { refuse: 'ILLEGAL_ACTION' }
    },
  })
  const { game } = play.begin(1, 0)
  const before = structuredClone(game)
  play.act(game, { seat: 0, type: 'mark' }, 1)
  expect(game).toEqual(before)
})

class Card {}
const cyclic: unknown[] = []
cyclic.push(cyclic)
const impossible: [what: string, value: unknown][] = [
  ['a Promise', Promise.resolve(1)],
  ['a Map', new Map()],
  ['a Set', new Set()],
  ['a Date', new Date(0)],
  ['a Card', new Card()],
  ['a function', () => 1],
  ['a bigint', 1n],
  ['a symbol', Symbol('ace')],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
]

test.each(impossible)(
  '[RU30] %s in what rules answer is a fault that names the function and the path',
  (what, value) => {
    const with3 = { deck: [1, 2, 3, value] }
    const play = (part: object) =>
      at({ setup: () => ({}), act: () => ({}), over: () => null, view: () => ({}), ...part })
    const { game } = play({}).begin(1, 0)
    const action = { seat: 0, type: 'go' }
    expect(() => play({ setup: () => with3 }).begin(1, 0)).toThrow(`setup: state.deck[3] is ${what}`)
    expect(() => play({ act: () => with3 }).act(game, action, 0)).toThrow(`act: state.deck[3] is ${what}`)
    expect(() => play({ act: () => value }).act(game, action, 0)).toThrow(`act: state is ${what}`)
    expect(() => play({ timeout: () => with3 }).timeout(game, 'turn', 0)).toThrow(`timeout: state.deck[3] is ${what}`)
    expect(() => play({ view: () => with3 }).views(game, [0], 0)).toThrow(`view: view.deck[3] is ${what}`)
    expect(() => play({ tell: () => with3 }).tell(action, 1)).toThrow(`tell: data.deck[3] is ${what}`)
    expect(() => play({ over: () => value }).begin(1, 0)).toThrow(`over: result is ${what}`)
    const inMs = () => ({ name: 'turn', inMs: value })
    expect(() => play({ deadline: inMs }).begin(1, 0)).toThrow(`deadline: deadline.inMs is ${what}`)
  },
)

test('[RU30] so is what holds itself, has no use as a result, or refuses for a reason that there is not', () => {
  const play = (part: object) => at({ setup: () => ({}), act: () => ({}), over: () => null, view: () => ({}), ...part })
  expect(() => play({ setup: () => cyclic }).begin(1, 0)).toThrow(
    /^setup: state(\[0\])+ is nested too deeply, or holds itself$/,
  )
  expect(() => play({ over: () => ({}) }).begin(1, 0)).toThrow('over: the result has no placements')
  expect(() => play({ deadline: () => ({ inMs: 5 }) }).begin(1, 0)).toThrow('deadline: the deadline has no name')
  const { game } = play({}).begin(1, 0)
  const whim = { act: () => ({ refuse: 'NOT_IN_THE_MOOD' }) }
  expect(() => play(whim).act(game, { seat: 0, type: 'go' }, 0)).toThrow('act: it refuses with NOT_IN_THE_MOOD')
})

test('[RU33] a state or a view that is too large is a fault that says so', () => {
  const play = (part: object) => at({ setup: () => ({}), act: () => ({}), over: () => null, view: () => ({}), ...part })
  const { game } = play({}).begin(1, 0)
  const text = (chars: number) => () => ({ text: 'x'.repeat(chars) })
  const action = { seat: 0, type: 'go' }
  expect(() => play({ setup: text(200_000) }).begin(1, 0)).not.toThrow()
  expect(() => play({ setup: text(300_000) }).begin(1, 0)).toThrow('setup: state is too large')
  expect(() => play({ act: () => Array(100_000).fill(0) }).act(game, action, 0)).toThrow('act: state is too large')
  expect(() => play({ view: text(50_000) }).views(game, [0], 0)).not.toThrow()
  expect(() => play({ view: text(70_000) }).views(game, [0], 0)).toThrow('view: view is too large')
})

test('[RU2] rules that change the state in view still show each viewer their own view', () => {
  const peeks = { setup: () => ({ hands: ['ace', 'king'] }), act: () => ({}), over: () => null }
  const view = (state: { hands: (string | null)[] }, who: number) => {
    state.hands = state.hands.map((hand, seat) => (seat === who ? hand : null))
    return state
  }
  const play = at({ ...peeks, view })
  const { game } = play.begin(1, 0)
  expect([...play.views(game, [0, 1], 0).values()]).toEqual([{ hands: ['ace', null] }, { hands: [null, 'king'] }])
})

test('[RU2] rules that answer one object of their own again and again show each seat its own', () => {
  const shown = { hand: '' }
  const view = ({ hands }: { hands: string[] }, who: number) => Object.assign(shown, { hand: hands[who] })
  const play = at({ setup: () => ({ hands: ['ace', 'king'] }), act: () => ({}), over: () => null, view })
  const { game } = play.begin(1, 0)
  expect([...play.views(game, [0, 1], 0).values()]).toEqual([{ hand: 'ace' }, { hand: 'king' }])
})

test('[RU35] viewers with equal views get the same object', () => {
  const view = ({ teams }: { teams: string[] }, who: number | 'spectator') => ({
    hand: who === 'spectator' ? null : teams[who % 2],
  })
  const play = at({ setup: () => ({ teams: ['red', 'blue'] }), act: () => ({}), over: () => null, view })
  const { game } = play.begin(1, 0)
  const seen = play.views(game, [0, 1, 2, 3, 'spectator'], 0)
  expect(seen.get(2)).toBe(seen.get(0))
  expect(seen.get(3)).toBe(seen.get(1))
  expect([seen.get(0), seen.get(1), seen.get('spectator')]).toEqual([{ hand: 'red' }, { hand: 'blue' }, { hand: null }])
})

test.each([
  [{ a: [1, 'x', null, { b: true }] }, { a: [1, 'x', null, { b: true }] }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1, b: 2 }, { a: 1, c: 2 }, false],
  [[1, 2], [1, 2, 3], false],
  [[1, null], [1, undefined], false],
  [{}, new Map(), false],
  [{ at: '1970-01-01T00:00:00.000Z' }, { at: new Date(0) }, false],
  [{ n: 0 }, { n: -0 }, true],
  [{ n: 1 }, { n: '1' }, false],
  [[], {}, false],
  [{ a: null }, {}, false],
])('[RU35] %o and %o are the same as JSON: %s', (plain, value, isSame) => {
  expect(isSameJson(plain, value)).toBe(isSame)
})
