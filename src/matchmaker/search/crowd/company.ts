import type { Candidate } from '../../teams/exchange.ts'
import { areCompatible } from '../../tickets/wants.ts'
import type { Ground } from '../finding.ts'

/** The tickets chosen for a group so far; asking about one more takes constant time in most queues. */
export class Company {
  readonly #ground: Ground
  /** Tickets by class. */
  readonly #classes = new Map<number, number>()
  /** All tickets, and those of mixed classes, which are compared one by one. */
  readonly #all = new Set<Candidate>()
  readonly #mixed = new Set<Candidate>()
  readonly #players = new Set<string>()
  /** How many tickets block each of these players. */
  readonly #blocked = new Map<string, number>()

  constructor(ground: Ground) {
    this.#ground = ground
  }

  /** Whether this ticket and all chosen ones accept each other. */
  welcomes({ slot, classId }: Candidate): boolean {
    const { classes, exclusions, roster } = this.#ground
    for (const other of this.#classes.keys()) if (!classes.partnersOf(other).has(classId)) return false
    const ticket = roster.tickets.get(slot)
    for (const other of classes.isMixed(classId) ? this.#all : this.#mixed) {
      if (!areCompatible(roster.tickets.get(other.slot), ticket)) return false
    }
    if (!exclusions.hasBlocked) return true
    const { players, block } = ticket
    for (const { id } of players) if (this.#blocked.has(id)) return false
    return !block?.some((id) => this.#players.has(id))
  }

  add(one: Candidate): void {
    this.#count(one, 1)
  }
  remove(one: Candidate): void {
    this.#count(one, -1)
  }

  #count(one: Candidate, by: 1 | -1): void {
    const { slot, classId } = one
    const { exclusions, classes, roster } = this.#ground
    tally(this.#classes, classId, by)
    for (const those of classes.isMixed(classId) ? [this.#all, this.#mixed] : [this.#all]) {
      if (by === 1) those.add(one)
      else those.delete(one)
    }
    if (!exclusions.hasBlocked) return
    const { players, block = [] } = roster.tickets.get(slot)
    for (const { id } of players) {
      if (by === 1) this.#players.add(id)
      else this.#players.delete(id)
    }
    for (const id of block) tally(this.#blocked, id, by)
  }
}

function tally<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
