import type { Ticket } from '../api.ts'
import { Float64Column, fields, Int32Column, ObjectColumn, Slots } from './columns.ts'

const NOWHERE = -1

/**
 * The tickets and where they wait, in columns. A ticket has a slot, and a place for each pool that it waits in; its
 * places form a linked list. A ticket takes two hundred bytes, and a million of them give the garbage collector no
 * work.
 */
export class Roster {
  readonly #ofSlot = { numbers: fields<Float64Array>(4), links: fields<Int32Array>(4) }
  readonly #ofPlace = { numbers: fields<Float64Array>(4), links: fields<Int32Array>(6) }
  // By slot.
  readonly tickets = new ObjectColumn<Ticket>()
  /** The start of the wait, with earlier waits included. */
  readonly since = new Float64Column(this.#ofSlot.numbers, 0)
  /** The number of the ticket in the order of arrival; of two tickets of the same age, the lower number comes first. */
  readonly serial = new Float64Column(this.#ofSlot.numbers, 1)
  readonly rating = new Float64Column(this.#ofSlot.numbers, 2)
  /** The instant at which it enters a further lane; infinite when it is in all of them. */
  readonly enrolAt = new Float64Column(this.#ofSlot.numbers, 3)
  readonly places = new Int32Column(this.#ofSlot.links, 0)
  /** The class of its attributes, wants and roles. */
  readonly classes = new Int32Column(this.#ofSlot.links, 1)
  /** The number of the proposal that holds it, or 0. */
  readonly heldIn = new Int32Column(this.#ofSlot.links, 2)
  /** The number of its players. */
  readonly size = new Int32Column(this.#ofSlot.links, 3)
  // By place.
  readonly slotOf = new Int32Column(this.#ofPlace.links, 0)
  readonly next = new Int32Column(this.#ofPlace.links, 1)
  readonly previous = new Int32Column(this.#ofPlace.links, 2)
  readonly bins = new Int32Column(this.#ofPlace.links, 3)
  readonly pools = new Int32Column(this.#ofPlace.links, 4)
  readonly sibling = new Int32Column(this.#ofPlace.links, 5)
  /** Its opening tolerance, in points. */
  readonly tolerance = new Float64Column(this.#ofPlace.numbers, 0)
  // Copies of the slot's values, for searches through many places.
  readonly ratingAt = new Float64Column(this.#ofPlace.numbers, 1)
  readonly sinceAt = new Float64Column(this.#ofPlace.numbers, 2)
  /** The instant of the next search; until then the last outcome holds. */
  readonly dueAt = new Float64Column(this.#ofPlace.numbers, 3)

  readonly #slots = new Slots()
  readonly #places = new Slots()

  open(ticket: Ticket, about: { since: number; serial: number; rating: number; classId: number }): number {
    const slot = this.#slots.take()
    this.tickets.set(slot, ticket)
    this.since.set(slot, about.since)
    this.serial.set(slot, about.serial)
    this.rating.set(slot, about.rating)
    this.classes.set(slot, about.classId)
    this.size.set(slot, ticket.players.length)
    this.places.set(slot, NOWHERE)
    this.heldIn.set(slot, 0)
    return slot
  }

  close(slot: number): void {
    this.tickets.set(slot, null)
    this.#slots.giveBack(slot)
  }

  *all(): Iterable<number> {
    for (let slot = 0; slot < this.#slots.end; slot += 1) if (this.tickets.get(slot)) yield slot
  }

  /** Opens a place for the ticket in a pool, and links it with the ticket's other places. */
  openPlace(slot: number, pool: number, tolerance: number): number {
    const place = this.#places.take()
    this.slotOf.set(place, slot)
    this.pools.set(place, pool)
    this.tolerance.set(place, tolerance)
    this.ratingAt.set(place, this.rating.get(slot))
    this.sinceAt.set(place, this.since.get(slot))
    this.dueAt.set(place, Number.NEGATIVE_INFINITY)
    this.sibling.set(place, this.places.get(slot))
    this.places.set(slot, place)
    return place
  }

  /** Frees all places of a ticket; the caller has taken them out of their pools. */
  closePlaces(slot: number): void {
    for (let place = this.places.get(slot); place !== NOWHERE; place = this.sibling.get(place)) {
      this.#places.giveBack(place)
    }
    this.places.set(slot, NOWHERE)
  }

  *placesOf(slot: number): Iterable<number> {
    for (let place = this.places.get(slot); place !== NOWHERE; place = this.sibling.get(place)) yield place
  }

  ratingOf(place: number): number {
    return this.ratingAt.get(place)
  }

  isOlder(place: number, than: number): boolean {
    const before = this.sinceAt.get(place) - this.sinceAt.get(than)
    return before < 0 || (before === 0 && this.ageOrder(place, than) < 0)
  }

  /** Negative when the first has waited longer, or as long and came earlier. */
  ageOrder(place: number, other: number): number {
    return this.slotOrder(this.slotOf.get(place), this.slotOf.get(other))
  }
  slotOrder(slot: number, other: number): number {
    return this.since.get(slot) - this.since.get(other) || this.serial.get(slot) - this.serial.get(other)
  }
}
