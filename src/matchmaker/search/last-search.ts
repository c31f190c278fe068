import type { Lane } from '../tickets/lane.ts'
import type { Roster } from '../tickets/roster.ts'
import type { Finding } from './finding.ts'

// One more ticket reuses the last search for each of this many seats.
const SEATS_PER_REUSE = 50

interface Look {
  roster: Roster
  lane: Lane
  place: number
  now: number
  find: (place: number, now: number) => Finding
}

/**
 * The outcome of the last search of a lane. In a mode with many seats one more ticket changes little and a search costs
 * much, so a few tickets reuse the last outcome until the next search is due.
 */
export class LastSearch {
  /** The earliest instant at which a found group is due, and the ticket that found it. */
  #dueAt = Number.POSITIVE_INFINITY
  #finder = { slot: -1, serial: 0 }
  /** How many more tickets may reuse it. */
  #reusesLeft = 0

  /** Like `find`, but reuses the last outcome where that is allowed. */
  look(asked: Look): Finding {
    const { roster, lane, place, now, find } = asked
    const { teams, teamSize } = lane.plan
    const reuses = Math.floor((teams * teamSize) / SEATS_PER_REUSE)
    if (reuses === 0) return find(place, now)
    if (this.#dueAt <= now) {
      const finder = this.#placeOfFinder(asked)
      this.#dueAt = Number.POSITIVE_INFINITY
      this.#reusesLeft = 0
      const finding = finder >= 0 && finder !== place ? find(finder, now) : null
      if (finding?.group && finding.at <= now) return finding
    }
    const since = roster.since.get(roster.slotOf.get(place))
    if (this.#reusesLeft > 0 && this.#dueAt > now && now - since < lane.plan.maxWaitMs)
      return this.#reuse(since, lane, now)
    const finding = find(place, now)
    this.#reusesLeft = finding.group && finding.at > now ? reuses : 0
    if (this.#reusesLeft > 0 && finding.at < this.#dueAt) this.#note(finding.at, roster, place)
    return finding
  }

  #reuse(since: number, { plan }: Lane, now: number): Finding {
    this.#reusesLeft -= 1
    const at = Math.min(this.#dueAt, since + plan.maxWaitMs)
    const shortHandedAt = since + plan.shortHandedAfterMs
    return { at: shortHandedAt > now ? Math.min(at, shortHandedAt) : at, group: null }
  }

  #note(dueAt: number, roster: Roster, place: number): void {
    const slot = roster.slotOf.get(place)
    this.#dueAt = dueAt
    this.#finder = { slot, serial: roster.serial.get(slot) }
  }

  /** The place in the lane of the ticket that found the group, or -1 when it waits no longer. */
  #placeOfFinder({ roster, lane }: Look): number {
    const { slot, serial } = this.#finder
    if (roster.serial.get(slot) !== serial) return -1
    for (const one of roster.placesOf(slot)) if (lane.holds(one)) return one
    return -1
  }
}
