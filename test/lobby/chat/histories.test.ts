import { expect, test } from 'vitest'
import { createHistories } from '../../../src/lobby/chat/histories.ts'
import { playerId } from '../../support/openings.ts'

const from = { playerId: playerId('ann'), name: 'ann' }
const message = (n: number) => ({ messageId: `m${n}`, from, to: { party: true as const }, text: `${n}`, at: n })
const everything = { limit: 100, isHeard: () => true }
const idsIn = (messages: readonly { messageId: string }[]) => messages.map(({ messageId }) => messageId)

test('[CH6] a channel keeps its last hundred messages and returns the removed ones', () => {
  const histories = createHistories()
  for (let n = 0; n < 100; n++) expect(histories.add('party:1', message(n))).toEqual([])
  expect(idsIn(histories.add('party:1', message(100)))).toEqual(['m0'])
  expect(histories.page('party:1', everything).messages).toHaveLength(100)
})

test('[CH6] where all channels keep too much together, the most silent one goes', () => {
  const histories = createHistories()
  histories.add('silent', message(-1))
  let n = 0
  for (let channel = 0; channel < 200; channel++) {
    for (let one = 0; one < (channel === 199 ? 99 : 100); one++)
      expect(histories.add(`${channel}`, message(n++))).toEqual([])
  }
  expect(idsIn(histories.add('199', message(n)))).toEqual(['m-1'])
  expect(histories.channels()).not.toContain('silent')
  expect(histories.add('0', message(n + 1))).toHaveLength(1)
  expect(histories.channels().at(-1)).toBe('0')
  expect(histories.add('fresh', message(n + 2))).toHaveLength(100)
  expect(histories.channels()).not.toContain('1')
})

test('[CH4] a page leaves out hidden messages, and is full all the same', () => {
  const histories = createHistories()
  for (let n = 0; n < 10; n++) histories.add('party:1', message(n))
  const isHeard = ({ at }: { at: number }) => at % 2 === 0
  expect(histories.page('party:1', { limit: 3, isHeard })).toMatchObject({
    messages: [{ at: 4 }, { at: 6 }, { at: 8 }],
    hasOlder: true,
  })
  expect(histories.page('party:1', { before: 'm4', limit: 3, isHeard })).toMatchObject({
    messages: [{ at: 0 }, { at: 2 }],
    hasOlder: false,
  })
  expect(histories.page('__proto__', everything)).toEqual({ messages: [], hasOlder: false })
})

test('[CH6] messages of strangers push out those of strangers only', () => {
  const histories = createHistories()
  histories.add('direct:old friends', message(-1), true)
  for (let n = 0; n < 30_000; n++) histories.add(`direct:${n}`, message(n), false)
  expect(histories.channels()).toContain('direct:old friends')
  expect(histories.channels()).toHaveLength(5_001)
  histories.add('direct:29999', message(-2), true)
  for (let n = 0; n < 6_000; n++) histories.add(`direct:more ${n}`, message(n), false)
  expect(histories.channels()).toContain('direct:29999')
  expect(histories.channels()).toHaveLength(5_002)
})
