import type { ModePlan } from '../mode-plan.ts'
import type { Candidate } from '../teams/exchange.ts'
import { areEnough, RoleSets } from '../teams/roles.ts'
import type { Format } from '../teams/split.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import type { Ground } from './finding.ts'

export type RoleCheck = ReturnType<typeof createRoleCheck>

/** Tells whether tickets can fill the roles of their mode; always true for a mode without roles. */
export function createRoleCheck({ roster, classes }: Ground) {
  const roleSets = new Map<ModePlan, RoleSets>()

  /** Whether the pools have enough players for each role. */
  function areAtHand({ plan }: Lane, pools: readonly Pool[], format: Format): boolean {
    if (plan.roles.length === 0) return true
    const supply = pools.map(({ classId, size, count }) => {
      return { takes: classes.takesOf(classId), tickets: count, players: count * size }
    })
    return areEnough(supply, { roles: plan.roles, ...format })
  }

  /** Whether these members and `free` further players can fill the roles of so many teams. */
  function areFilled({ plan }: Lane, members: readonly Candidate[], teams: number, free: number): boolean {
    if (plan.roles.length === 0) return true
    const sets = roleSets.get(plan) ?? new RoleSets(plan.roles)
    roleSets.set(plan, sets)
    return sets.areFilled(
      members.map(({ slot }) => roster.tickets.get(slot)),
      teams,
      free,
    )
  }

  return { areAtHand, areFilled }
}
