import { type Candidate, type Found, weigh } from '../../teams/exchange.ts'
import type { Candidates } from '../candidates.ts'
import type { Ground } from '../finding.ts'
import { Company } from './company.ts'

/** Prefers the oldest of equivalent tickets in a group with many seats. */
export function createOldestFirst(ground: Ground, { areAlike, isOlder }: Pick<Candidates, 'areAlike' | 'isOlder'>) {
  /** Replaces members, the youngest first, by older equivalent tickets that the rest of the group accepts. */
  function withOldest(found: Found, candidates: readonly Candidate[]): Found {
    const chosen = new Set(found.members)
    const others = Map.groupBy(
      candidates.filter((one) => !chosen.has(one)),
      ({ rating }) => rating,
    )
    const youngestFirst = found.members
      .filter(({ rating }) => others.has(rating))
      .sort((a, b) => (isOlder(a, b) ? 1 : -1))
    if (youngestFirst.length === 0) return found
    const company = new Company(ground)
    for (const one of found.members) company.add(one)
    const instead = new Map<Candidate, Candidate>()
    for (const member of youngestFirst) {
      company.remove(member)
      const isFree = (one: Candidate) => !chosen.has(one) && company.welcomes(one)
      const older = olderThan(member, others.get(member.rating) ?? [], isFree)
      company.add(older ?? member)
      if (!older) continue
      chosen.add(older)
      instead.set(member, older)
    }
    return instead.size === 0 ? found : replaced(found, instead)
  }

  /** The first equivalent ticket in a list that is sorted by age, oldest first. */
  function olderThan(member: Candidate, others: readonly Candidate[], isFree: (one: Candidate) => boolean) {
    for (const one of others) {
      if (!isOlder(one, member)) return null
      if (areAlike(one, member) && isFree(one)) return one
    }
    return null
  }

  return { withOldest }
}

function replaced({ teams, members }: Found, instead: ReadonlyMap<Candidate, Candidate>): Found {
  const swap = (one: Candidate) => instead.get(one) ?? one
  return weigh(
    teams.map((team) => team.map(swap)),
    members.map(swap),
  )
}
