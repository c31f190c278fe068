import type { Ticket } from '../api.ts'
import { rolesOfEach } from './roles.ts'

/**
 * The roles of a team while it fills up, as a maximum matching of players and roles. One augmenting path for each new
 * player keeps it maximum (Kuhn, "The Hungarian method for the assignment problem", 1955).
 */
export class TeamRoles {
  readonly #roles: readonly string[]
  /** The player of each role, or -1. */
  #taker: Int32Array
  readonly #takes: (readonly string[] | null)[] = []
  #filled = 0

  constructor(roles: readonly string[]) {
    this.#roles = roles
    this.#taker = new Int32Array(roles.length).fill(-1)
  }

  /** Adds the ticket if the players for the remaining `room` seats can still fill the open roles. */
  admit(ticket: Pick<Ticket, 'players' | 'roles'>, room: number): boolean {
    const [taker, filled, count] = [this.#taker.slice(), this.#filled, this.#takes.length]
    for (const one of rolesOfEach(ticket)) {
      this.#takes.push(one)
      if (this.#seat(this.#takes.length - 1, new Set())) this.#filled += 1
    }
    // A team smaller than its roles leaves some of them empty.
    const wanted = Math.min(this.#roles.length, this.#takes.length + room)
    if (this.#filled >= wanted - room) return true
    this.#taker = taker
    this.#filled = filled
    this.#takes.length = count
    return false
  }

  #seat(player: number, tried: Set<number>): boolean {
    const takes = this.#takes[player]
    for (const [slot, role] of this.#roles.entries()) {
      if (tried.has(slot) || (takes && !takes.includes(role))) continue
      tried.add(slot)
      const taken = this.#taker[slot] as number
      if (taken >= 0 && !this.#seat(taken, tried)) continue
      this.#taker[slot] = player
      return true
    }
    return false
  }
}
