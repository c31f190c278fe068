import { expect, test } from 'vitest'
import { createFaults } from '../../../tools/bots/faults.ts'
import { createTickets } from '../../../tools/bots/ledger/tickets.ts'

function bookkeeping() {
  const { blame, list } = createFaults()
  const tickets = createTickets(blame)
  const faults = () => {
    tickets.close()
    return list()
  }
  return { tickets, faults }
}
const matched = (ticketId: string, matchId = 'm') => ({ ticketId, reason: 'matched', matchId })

test('a ticket that ends once, with one match found, is in order', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't')
  tickets.ended('bot', matched('t'))
  tickets.found('bot', 'm')
  expect(faults()).toEqual([])
})

test('a ticket may end before the reply to its request is looked at', () => {
  const { tickets, faults } = bookkeeping()
  tickets.ended('bot', matched('t'))
  tickets.found('bot', 'm')
  tickets.joined('bot', 't')
  expect(faults()).toEqual([])
})

test('after a match that did not come about, the ticket that the server makes is in order', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't1')
  tickets.ended('bot', matched('t1'))
  tickets.found('bot', 'm')
  tickets.requeued('bot')
  tickets.ended('bot', { ticketId: 't2', reason: 'cancelled' })
  expect(faults()).toEqual([])
})

test('a ticket that ends twice is noticed', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't')
  tickets.ended('bot', { ticketId: 't', reason: 'cancelled' })
  tickets.ended('bot', { ticketId: 't', reason: 'expired' })
  expect(faults()).toEqual([{ what: 'a ticket ended more than once', times: 1 }])
})

test('a ticket that never ends is noticed, one that the server made too', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't')
  tickets.requeued('other')
  expect(faults()).toEqual([{ what: 'a ticket never ended', times: 2 }])
})

test('a ticket without a request is noticed', () => {
  const { tickets, faults } = bookkeeping()
  tickets.ended('bot', { ticketId: 't', reason: 'cancelled' })
  expect(faults()).toEqual([{ what: 'a ticket ended that nobody asked for', times: 1 }])
})

test('a second match:found for one ticket is noticed', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't')
  tickets.ended('bot', matched('t'))
  tickets.found('bot', 'm')
  tickets.found('bot', 'm')
  expect(faults()).toEqual([{ what: 'match:found came twice for one ticket', times: 1 }])
})

test('a match:found for another match than the ticket ended with is noticed', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't')
  tickets.ended('bot', matched('t'))
  tickets.found('bot', 'm')
  tickets.found('bot', 'm2')
  expect(faults()).toEqual([{ what: 'match:found came without a ticket', times: 1 }])
})

test('a matched ticket without a match:found is noticed', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't')
  tickets.ended('bot', matched('t'))
  expect(faults()).toEqual([{ what: 'a matched ticket had no match:found', times: 1 }])
})

test('a ticket that ends as matched and names no match is noticed', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't')
  tickets.ended('bot', { ticketId: 't', reason: 'matched' })
  expect(faults()).toEqual([{ what: 'a ticket ended as matched without a match, or the other way round', times: 1 }])
})

test('pushes that a disconnected bot missed are no fault of the server', () => {
  const { tickets, faults } = bookkeeping()
  tickets.joined('bot', 't')
  tickets.excuse('bot')
  expect(faults()).toEqual([])
})
