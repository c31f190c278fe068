import { testRules } from '@muster-rooms/testing'
import { expect, test } from 'vitest'
import { highCard } from '../src/high-card.ts'

test('the rules hold in every situation, and hide the hands', () => {
  const report = testRules(highCard, {
    move: ({ view, random }) => ({
      type: 'play',
      data: { card: view.hand[Math.floor(random() * view.hand.length)] ?? 0 },
    }),
    hidden: { 'hands.*': (seat) => [seat], played: [] },
    hiddenData: { play: ['card'] },
  })
  expect(report.finished).toBeGreaterThan(0)
})

test('the higher card takes the trick', () => {
  const ctx = { now: 0, seats: [], random: () => 0 }
  const table = { hands: [[3], [7]], played: [null, null], last: null, tricks: [0, 0] }
  const first = highCard.act(table, { seat: 0, type: 'play', data: { card: 3 } }, ctx)
  if ('refuse' in first) throw new Error(first.message)
  expect(highCard.act(first, { seat: 1, type: 'play', data: { card: 7 } }, ctx)).toMatchObject({ tricks: [0, 1] })
})
