import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLedger } from '../../../tools/bots/ledger/ledger.ts'
import type { Tally } from '../../../tools/bots/ledger/page.ts'

const message = (from: number, n: number, isLast = false) => ({ from, n, isLast })
const nothingWrong = { lost: 0, duplicated: 0, echoed: 0, outOfOrder: 0, strayed: 0, cutOff: 0 }

test('a message that everyone present heard once leaves nothing to complain about', () => {
  const ledger = createLedger()
  const page = ledger.open('m')
  page.sent(message(0, 1), [1, 2])
  expect(page.heard(1, message(0, 1))).toBe(true)
  expect(page.heard(2, message(0, 1))).toBe(true)
  expect(ledger.tally()).toEqual({ ...nothingWrong, sent: 1, owed: 2, delivered: 2 })
})

test('a message that one of those present did not hear is lost', () => {
  const ledger = createLedger()
  const page = ledger.open('m')
  page.sent(message(0, 1), [1, 2])
  page.heard(1, message(0, 1))
  expect(ledger.tally()).toEqual({ ...nothingWrong, sent: 1, owed: 2, delivered: 1, lost: 1 })
})

test('no message is due to a member who was not present, and hearing it is no fault', () => {
  const ledger = createLedger()
  const page = ledger.open('m')
  page.sent(message(0, 1), [])
  expect(page.heard(1, message(0, 1))).toBe(false)
  expect(ledger.tally()).toEqual({ ...nothingWrong, sent: 1, owed: 0, delivered: 0 })
})

const faulty: [string, keyof Tally, (page: ReturnType<ReturnType<typeof createLedger>['open']>) => void][] = [
  ['a message heard twice is duplicated', 'duplicated', (page) => [1, 2, 1].map((n) => page.heard(1, message(0, n)))],
  ['a message heard by its sender is echoed', 'echoed', (page) => page.heard(0, message(0, 1))],
  [
    'a message heard after a later one is out of order',
    'outOfOrder',
    (page) => [2, 1].map((n) => page.heard(1, message(0, n))),
  ],
  ['a message that was never sent has strayed', 'strayed', (page) => page.heard(1, message(0, 3))],
  ['a message under the name of a silent member has strayed', 'strayed', (page) => page.heard(0, message(1, 1))],
  ['something that is no message of the match has strayed', 'strayed', (page) => page.strayed()],
]
for (const [title, kind, happen] of faulty) {
  test(title, () => {
    const ledger = createLedger()
    const page = ledger.open('m')
    page.sent(message(0, 1), [1])
    page.sent(message(0, 2), [1])
    happen(page)
    expect(ledger.tally()).toMatchObject({ ...nothingWrong, lost: expect.any(Number), [kind]: 1 })
  })
}

test('a duplicate does not make up for a loss', () => {
  const ledger = createLedger()
  const page = ledger.open('m')
  page.sent(message(0, 1), [1])
  page.sent(message(0, 2), [1])
  page.heard(1, message(0, 1))
  page.heard(1, message(0, 1))
  expect(ledger.tally()).toMatchObject({ delivered: 1, duplicated: 1, lost: 1 })
})

test('a member has all of another once it heard the last message and every one before', () => {
  const page = createLedger().open('m')
  page.sent(message(0, 1), [1])
  page.sent(message(0, 2, true), [1])
  expect(page.hasAll(1, 0)).toBe(false)
  page.heard(1, message(0, 2, true))
  expect(page.hasAll(1, 0)).toBe(false)
  page.heard(1, message(0, 1))
  expect(page.hasAll(1, 0)).toBe(true)
})

test('a member has not heard everything while the other one is sending', () => {
  const page = createLedger().open('m')
  page.sent(message(0, 1), [1])
  page.heard(1, message(0, 1))
  expect(page.hasAll(1, 0)).toBe(false)
})

test('messages on their way when the server ended the match are cut off, not lost', () => {
  const ledger = createLedger()
  const page = ledger.open('m')
  page.sent(message(0, 1), [1, 2])
  page.heard(1, message(0, 1))
  page.cut()
  page.cut()
  page.sent(message(1, 1), [0, 2])
  page.heard(2, message(0, 1))
  expect(ledger.tally()).toEqual({ ...nothingWrong, sent: 2, owed: 2, delivered: 1, cutOff: 1 })
})

test('all members of a match write on one page, and the last one to close it takes it away', () => {
  const ledger = createLedger()
  const page = ledger.open('m')
  expect(ledger.open('m')).toBe(page)
  expect(ledger.open('other')).not.toBe(page)
  ledger.close('m')
  expect(ledger.size()).toBe(2)
  ledger.close('m')
  expect(ledger.size()).toBe(1)
})

test('losses are still known when the match has been forgotten', () => {
  const ledger = createLedger()
  ledger.open('m').sent(message(0, 1), [1])
  ledger.close('m')
  expect(ledger.size()).toBe(0)
  expect(ledger.tally().lost).toBe(1)
})

test('every copy of a message is counted correctly', () => {
  const fates = fc.array(fc.array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fates, (copiesOfEach) => {
      const ledger = createLedger()
      const page = ledger.open('m')
      copiesOfEach.forEach((copies, i) => {
        page.sent(message(0, i + 1), [1, 2, 3])
        copies.forEach((times, at) => {
          for (let time = 0; time < times; time += 1) page.heard(at + 1, message(0, i + 1))
        })
      })
      const all = copiesOfEach.flat()
      expect(ledger.tally()).toEqual({
        ...nothingWrong,
        sent: copiesOfEach.length,
        owed: all.length,
        delivered: all.filter((times) => times > 0).length,
        lost: all.filter((times) => times === 0).length,
        duplicated: all.reduce((sum, times) => sum + Math.max(0, times - 1), 0),
      })
    }),
  )
})
