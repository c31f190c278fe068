import { expect, test } from 'vitest'
import { createWaitingMail, type Letter } from '../../../src/lobby/chat/waiting-mail.ts'
import { playerId } from '../../support/openings.ts'

const DAY = 24 * 3_600_000
let count = 0
const letter = (from: string, to: string, { at = 0, isStranger = false } = {}): Letter => ({
  to: playerId(to),
  isStranger,
  message: {
    messageId: `m${count++}`,
    from: { playerId: playerId(from), name: from },
    to: { playerId: playerId(to) },
    text: 'x',
    at,
  },
})
const sendersTo = (to: string, waitingMail = createWaitingMail()) =>
  waitingMail.take(playerId(to)).map(({ message }) => message.from.playerId)

test('[CH8] a full box of a hundred letters loses the oldest of the busiest sender', () => {
  const waitingMail = createWaitingMail()
  waitingMail.put(letter('ann', 'bob'), 0)
  for (let n = 0; n < 99; n++) expect(waitingMail.put(letter('eve', 'bob'), 0)).toEqual([])
  expect(waitingMail.put(letter('cat', 'bob'), 0)).toMatchObject([{ message: { from: { playerId: 'eve' } } }])
  const senders = sendersTo('bob', waitingMail)
  expect([senders[0], senders.length, senders.at(-1)]).toEqual(['ann', 100, 'cat'])
})

test('[CH20] ever new guests push no friend’s letter out of a box', () => {
  const waitingMail = createWaitingMail()
  waitingMail.put(letter('ann', 'bob'), 0)
  for (let n = 0; n < 600; n++) waitingMail.put(letter(`guest-${n}`, 'bob', { isStranger: true }), 0)
  const senders = sendersTo('bob', waitingMail)
  expect([senders[0], senders.length, senders.at(-1)]).toEqual(['ann', 100, 'guest-599'])
})

test('[CH20] two hundred letters of one player are under way', () => {
  const waitingMail = createWaitingMail()
  for (let n = 0; n < 201; n++) waitingMail.put(letter('eve', `to-${n}`), 0)
  expect([waitingMail.size(), waitingMail.isFor(playerId('to-0')), waitingMail.isFor(playerId('to-200'))]).toEqual([
    200,
    false,
    true,
  ])
})

test('[CH20] strangers share ten thousand, and everyone fifty', () => {
  const waitingMail = createWaitingMail()
  waitingMail.put(letter('ann', 'bob'), 0)
  for (let n = 0; n < 60_000; n++) waitingMail.put(letter(`guest-${n}`, `to-${n}`, { isStranger: true }), 0)
  expect(waitingMail.size()).toBe(10_001)
  for (let n = 0; n < 60_000; n++) waitingMail.put(letter(`player-${n}`, `to-${n}`), 0)
  expect(waitingMail.size()).toBe(50_000)
})

test('[CH20] a letter that is not fetched within 30 days is removed', () => {
  const waitingMail = createWaitingMail()
  const old = letter('ann', 'bob', { at: 0 })
  waitingMail.put(old, 0)
  expect(waitingMail.put(letter('cat', 'dan', { at: 30 * DAY - 1 }), 30 * DAY - 1)).toEqual([])
  expect(waitingMail.put(letter('cat', 'dan', { at: 30 * DAY }), 30 * DAY)).toEqual([old])
  expect(waitingMail.isFor(playerId('bob'))).toBe(false)
})
