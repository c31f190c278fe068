/**
 * Whether every slot of `roles` can be given to a player of its own who would take it: a maximum bipartite matching by
 * augmenting paths (Kuhn, "The Hungarian method for the assignment problem", 1955). `players` says for each which roles,
 * null for any. Players beyond the slots play without a role.
 */
export function canFillRoles(players: readonly (readonly string[] | null)[], roles: readonly string[]): boolean {
  return rolesFilled(players, roles) === roles.length
}

/** How many of the slots can be filled at the same time. */
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
