import type { Matchmaker, MatchmakerMode, MatchmakerOptions } from '../../src/matchmaker/api.ts'

/** Whatever has the matchmaker's face can be played. */
export type MakeMatchmaker = (options: MatchmakerOptions) => Matchmaker

/** A mode's shape as people write it. */
export function told({ teams, teamSize }: MatchmakerMode): string {
  if (teams === 2) return `${teamSize} against ${teamSize}`
  return teamSize === 1 ? `${teams} players, each for themselves` : `${teams} teams of ${teamSize}`
}
