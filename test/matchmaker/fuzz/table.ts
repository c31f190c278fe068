import type { Matchmaker, MatchmakerMode, MatchmakerOptions, Proposal, Ticket } from '../../../src/matchmaker/api.ts'
import { createMatchmaker } from '../../../src/matchmaker/matchmaker.ts'

export const duel: MatchmakerMode = { id: 'duel', teams: 2, teamSize: 1 }
export const fives: MatchmakerMode = { id: 'fives', teams: 2, teamSize: 5 }
export const brawl: MatchmakerMode = { id: 'brawl', teams: 3, teamSize: 1 }
export const raid: MatchmakerMode = { id: 'raid', teams: 1, teamSize: 4 }

export const at = (mode: MatchmakerMode, options: Partial<MatchmakerOptions> = {}): Matchmaker =>
  createMatchmaker({ modes: [mode], ...options })

type Said = Partial<Omit<Ticket, 'id' | 'players'>> & { mu?: number; size?: number }
/** A ticket in a word: everybody on it is as good as the others. */
export function ticket(id: string, { mu = 1_500, size = 1, mode = 'duel', ...rest }: Said = {}): Ticket {
  return { id, mode, players: Array.from({ length: size }, (_, n) => ({ id: `${id}-${n}`, mu })), ...rest }
}

/** Who plays whom: the ids of each team. */
export const teamsOf = (proposals: readonly Proposal[]): string[][][] =>
  proposals.map(({ teams }) => teams.map((team) => team.map(({ id }) => id)))
export const idsOf = (proposals: readonly Proposal[]): string[] => teamsOf(proposals).flat(2).toSorted()

/** Ticks whenever something is due, until nothing is any more or so long has passed; everything found is played. */
export function untilQuiet(
  matchmaker: Matchmaker,
  from: number,
  forMs = 3_600_000,
): { now: number; found: Proposal[] } {
  const found: Proposal[] = []
  let now = from
  for (let ticks = 0; ticks < 10_000; ticks += 1) {
    const next = matchmaker.nextAt()
    if (next === null || next > from + forMs) return { now, found }
    now = Math.max(now, next)
    for (const proposal of matchmaker.tick(now)) {
      matchmaker.confirm(proposal.id)
      found.push(proposal)
    }
  }
  throw new Error('it never comes to rest')
}
