import type { Matchmaker, MatchmakerMode, MatchmakerOptions } from '../lobby/matchmaker/face.ts'
import type { Mode } from '../modes.ts'

/** Whatever has the matchmaker's face can be played. */
export type MakeMatchmaker = (options: MatchmakerOptions) => Matchmaker

/** What of a mode the queue looks at. */
export function shapeOf({ id, teamCount, minSeats, maxSeats, matchmaking }: Mode): MatchmakerMode {
  if (teamCount !== null) return { id, teams: teamCount, teamSize: maxSeats / teamCount }
  return { id, teams: maxSeats, teamSize: 1, minTeams: minSeats, shortHandedAfterMs: matchmaking.fillMs }
}

/** A mode's shape as people write it. */
export const told = ({ teams, teamSize }: MatchmakerMode): string =>
  teamSize === 1 ? `${teams} players, each for themselves` : `${teams} teams of ${teamSize}`
