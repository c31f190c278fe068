import type { TicketPlayer } from '../../../src/matchmaker/api.ts'

interface Team {
  players: readonly TicketPlayer[]
  /** Seats that are empty: whoever comes may take the roles that are left. */
  free: number
}

/** Whether the team has all its roles, each by a player of its own, or can still get them. */
export function rolesCanBeFilled(roles: Readonly<Record<string, number>>, { players, free }: Team): boolean {
  const slots = Object.entries(roles).flatMap(([role, count]) => Array.from({ length: count }, () => role))
  const takenBy: (number | undefined)[] = slots.map(() => undefined)
  const takes = (player: number, slot: number) => players[player]?.roles?.includes(slots[slot] ?? '') ?? true

  // Kuhn (1955): a player takes a role, and whoever had it finds another one.
  function seat(player: number, tried: Set<number>): boolean {
    return slots.some((_, slot) => {
      if (tried.has(slot) || !takes(player, slot)) return false
      tried.add(slot)
      const former = takenBy[slot]
      if (former !== undefined && !seat(former, tried)) return false
      takenBy[slot] = player
      return true
    })
  }
  const seated = players.filter((_, player) => seat(player, new Set())).length
  return seated >= slots.length - free
}
