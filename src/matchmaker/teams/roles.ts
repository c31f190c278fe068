import type { Ticket } from '../api.ts'
import type { Takes } from '../tickets/classes.ts'

// Of more roles than these the rest is left to the search.
const MOST_ROLES = 8

/**
 * How many slots of `roles` can at the same time be given to a player of their own who would take them: a maximum
 * bipartite matching by augmenting paths (Kuhn, "The Hungarian method for the assignment problem", 1955). `players` says
 * for each which roles, null for any. Players beyond the slots play without a role.
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

/** What each player of a ticket would take: their own word, else the ticket's; null for any role. */
export const rolesOfEach = ({ players, roles }: Pick<Ticket, 'players' | 'roles'>): (readonly string[] | null)[] =>
  players.map((player) => player.roles ?? roles ?? null)

export function takesOf(ticket: Ticket): Takes {
  const takes = rolesOfEach(ticket)
  return takes.every((one) => one === null) ? null : takes
}

/** Tickets of one size that take the same. */
export interface RolePool {
  takes: Takes
  tickets: number
  players: number
}

/**
 * Whether, as far as numbers tell, so many players can take `teams` times the roles: for each set of roles there are as
 * many who take one of them as are wanted (Hall, "On representatives of subsets", 1935).
 */
export function areEnough(
  pools: readonly RolePool[],
  { roles, teams, teamSize }: { roles: readonly string[]; teams: number; teamSize: number },
): boolean {
  const names = [...new Set(roles)].slice(0, MOST_ROLES)
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
