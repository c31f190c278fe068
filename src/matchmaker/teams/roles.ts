import type { Ticket } from '../api.ts'
import type { Takes } from '../tickets/ticket-class.ts'

// With more roles than this, the first ones are checked here and the search checks the rest.
const MAX_ROLES = 8

/**
 * The number of slots of `roles` that can be filled at once, each by a different player: a maximum bipartite matching
 * by augmenting paths (Kuhn, "The Hungarian method for the assignment problem", 1955). `players` has the roles of each
 * player, null for any. Players beyond the slots play without a role.
 */
export function rolesFilled(players: readonly (readonly string[] | null)[], roles: readonly string[]): number {
  const slotOf = new Map<number, number>()
  const takes = (player: number, role: string) => players[player]?.includes(role) ?? true
  const fill = (slot: number, tried: Set<number>): boolean => {
    for (const player of players.keys()) {
      if (tried.has(player) || !takes(player, roles[slot] as string)) continue
      tried.add(player)
      const taken = slotOf.get(player)
      if (taken !== undefined && !fill(taken, tried)) continue
      slotOf.set(player, slot)
      return true
    }
    return false
  }
  return roles.filter((_, slot) => fill(slot, new Set())).length
}

/** The roles that each player of a ticket accepts: their own, else the ticket's; null for any. */
export const rolesOfEach = ({ players, roles }: Pick<Ticket, 'players' | 'roles'>): (readonly string[] | null)[] =>
  players.map((player) => player.roles ?? roles ?? null)

export function takesOf(ticket: Ticket): Takes {
  const takes = rolesOfEach(ticket)
  return takes.every((one) => one === null) ? null : takes
}

/** Tickets of one size whose players accept the same roles. */
export interface RolePool {
  takes: Takes
  tickets: number
  players: number
}

/**
 * Whether these players can fill the roles of `teams` teams, by Hall's condition: for each set of roles, at least as
 * many players accept one of them as there are slots (Hall, "On representatives of subsets", 1935).
 */
export function areEnough(
  pools: readonly RolePool[],
  { roles, teams, teamSize }: { roles: readonly string[]; teams: number; teamSize: number },
): boolean {
  const names = [...new Set(roles)].slice(0, MAX_ROLES)
  // A team smaller than its roles leaves some of them empty.
  const spared = teams * Math.max(0, roles.length - teamSize)
  for (let set = 1; set < 1 << names.length; set += 1) {
    const isIn = (role: string) => ((set >> names.indexOf(role)) & 1) === 1 && names.includes(role)
    let left = teams * roles.filter(isIn).length
    for (const { takes, players, tickets } of pools) {
      left -= takes ? tickets * takes.filter((one) => one === null || one.some(isIn)).length : players
    }
    if (left > spared) return false
  }
  return true
}

type Asking = Pick<Ticket, 'players' | 'roles'>
const ANY = -1

/**
 * The roles of a mode as bit sets, for searches that check many teams. By Hall's theorem, in Ore's form for the
 * deficit, the set of roles that lacks the most players decides.
 */
export class RoleSets {
  readonly #names: readonly string[]
  readonly #roles: readonly string[]
  /** The number of players that a team needs for each set of roles. */
  readonly #wanted: Int32Array
  readonly #takers = new WeakMap<Asking, readonly number[]>()

  constructor(roles: readonly string[]) {
    this.#roles = roles
    this.#names = [...new Set(roles)]
    const sets = this.#names.length <= MAX_ROLES ? 1 << this.#names.length : 0
    this.#wanted = new Int32Array(sets).map((_, set) => roles.filter((role) => (this.#bitOf(role) & set) !== 0).length)
  }

  /** Whether the players of these tickets and `free` further players can fill the roles of this many teams. */
  areFilled(tickets: readonly Asking[], teams: number, free: number): boolean {
    const players = tickets.reduce((sum, ticket) => sum + ticket.players.length, 0)
    // A team smaller than its roles leaves some of them empty.
    const spared = free + Math.max(0, teams * this.#roles.length - players - free)
    if (this.#wanted.length === 0) return this.#areMatched(tickets, teams, spared)
    const takers = tickets.map((ticket) => this.#takersOf(ticket))
    for (let set = 1; set < this.#wanted.length; set += 1) {
      let left = teams * (this.#wanted[set] as number) - spared
      for (const ofTicket of takers) for (const taken of ofTicket) if ((taken & set) !== 0) left -= 1
      if (left > 0) return false
    }
    return true
  }

  /** Like `areFilled`, for more roles than sets can be enumerated. */
  #areMatched(tickets: readonly Asking[], teams: number, spared: number): boolean {
    const wanted = Array.from({ length: teams }, () => this.#roles).flat()
    return rolesFilled(tickets.flatMap(rolesOfEach), wanted) >= wanted.length - spared
  }

  /** The roles that each player of the ticket accepts, as sets. */
  #takersOf(ticket: Asking): readonly number[] {
    const known = this.#takers.get(ticket)
    if (known) return known
    const takers = rolesOfEach(ticket).map((roles) => (roles ? this.#setOf(roles) : ANY))
    this.#takers.set(ticket, takers)
    return takers
  }

  #bitOf(role: string): number {
    const at = this.#names.indexOf(role)
    return at < 0 ? 0 : 1 << at
  }
  #setOf(roles: readonly string[]): number {
    let set = 0
    for (const role of roles) set |= this.#bitOf(role)
    return set
  }
}
