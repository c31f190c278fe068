import type { MatchView } from '../../src/client/client.ts'
import { secondsUntil } from '../clock.ts'
import { byId, element, setText } from '../dom.ts'
import type { Table } from '../table.ts'
import { initialOf, type Seat } from '../view.ts'

interface Row {
  item: HTMLLIElement
  status: HTMLElement
}

/** The players: one row a seat, the own first. */
export function listPeople(mine: number, signOf: Table['signOf']) {
  const list = byId('people', HTMLUListElement)
  const rows = new Map<number, Row>()
  list.replaceChildren()

  function rowOf({ seat, name }: Seat): Row {
    const known = rows.get(seat)
    if (known) return known
    const item = element('li', `person seat-${seat % 8}`)
    const text = element('span', 'person-text')
    const status = element('span', 'person-status')
    const who = element('span', 'person-who')
    who.append(element('span', 'person-name', name))
    if (seat === mine) who.append(element('span', 'you', 'you'))
    text.append(who, status)
    const place = element('span', 'place')
    place.append(signOf(seat) ?? initialOf(name))
    place.ariaHidden = 'true'
    item.append(place, text)
    if (seat === mine) list.prepend(item)
    else list.append(item)
    const row = { item, status }
    rows.set(seat, row)
    return row
  }

  /** `turn` is the seat whose turn it is, in games that have turns. */
  return function update({ seats }: MatchView, turn: number | null): void {
    for (const seat of seats) {
      const { item, status } = rowOf(seat)
      item.dataset.status = seat.status
      item.toggleAttribute('data-turn', seat.seat === turn)
      setText(status, wordsFor(seat, seat.seat === turn))
    }
  }
}

function wordsFor({ status, until }: Seat, hasTurn: boolean): string {
  switch (status) {
    case 'reserved':
      return 'not here yet'
    case 'present':
      return hasTurn ? 'to move' : 'here'
    case 'away':
      return until === undefined || secondsUntil(until) === 0 ? 'away' : `away · ${secondsUntil(until)} s`
    case 'left':
      return 'left'
  }
}
