import type { MatchmakerMode, MatchmakerOptions } from '../../../src/matchmaker/api.ts'
import type { Chance } from '../../simulation/chance.ts'

/** The modes that worlds are made of, each with what makes it hard. */
const catalogue: readonly MatchmakerMode[] = [
  { id: 'duel', teams: 2, teamSize: 1 },
  { id: 'pairs', teams: 2, teamSize: 2 },
  { id: 'threes', teams: 2, teamSize: 3 },
  { id: 'fives', teams: 2, teamSize: 5 },
  { id: 'shortFives', teams: 2, teamSize: 5, minTeamSize: 3, shortHandedAfterMs: 20_000 },
  { id: 'brawl', teams: 4, teamSize: 1, minTeams: 2, shortHandedAfterMs: 15_000 },
  { id: 'raid', teams: 1, teamSize: 4 },
  { id: 'shortRaid', teams: 1, teamSize: 4, minTeamSize: 2, shortHandedAfterMs: 10_000 },
  { id: 'royale', teams: 25, teamSize: 4 },
  { id: 'shortRoyale', teams: 25, teamSize: 4, minTeams: 3, shortHandedAfterMs: 30_000, maxWaitMs: 60_000 },
  { id: 'trios', teams: 3, teamSize: 3, minTeams: 2, shortHandedAfterMs: 20_000 },
  { id: 'tankAndHeal', teams: 2, teamSize: 2, roles: { tank: 1, heal: 1 } },
  { id: 'roleFives', teams: 2, teamSize: 5, roles: { tank: 1, heal: 1, damage: 3 }, pointsPerSecond: 10 },
  { id: 'halfRoles', teams: 2, teamSize: 3, roles: { tank: 1 }, maxLatencyMs: 80 },
]
/** One that no ticket of a world asks for, so that others can be let in without any effect. */
export const ELSEWHERE: MatchmakerMode = { id: 'elsewhere', teams: 2, teamSize: 1 }

/** Where every mean is one of a power of two, and shifted ratings have exactly the shifted means. */
export const isEven = ({ teams, teamSize }: MatchmakerMode): boolean =>
  [1, 2, 4].includes(teams) && [1, 2].includes(teamSize)

const MOST_SEATS = 200
/** Any format there is room for, now and then short-handed or with roles. */
function drawMode(chance: Chance): MatchmakerMode {
  const seats = Math.round(MOST_SEATS ** (chance.between(0, 1_000) / 1_000))
  const teams = chance.pick([1, 2, seats, chance.between(1, seats)])
  const teamSize = Math.max(1, Math.floor(seats / teams))
  const least = (most: number) => chance.pick([most, most, 1, chance.between(1, most)])
  const isShort = chance.is(0.4)
  return {
    ...{ id: 'any', teams: Math.min(teams, seats), teamSize },
    ...(isShort && {
      minTeams: least(Math.min(teams, seats)),
      minTeamSize: least(teamSize),
      shortHandedAfterMs: 20_000,
    }),
    ...(teamSize >= 4 && chance.is(0.15) && { roles: { tank: chance.between(1, 2), heal: 1 } }),
  }
}

export function drawOptions(chance: Chance, isFit: (mode: MatchmakerMode) => boolean = () => true): MatchmakerOptions {
  // A hundred players take a hundred times as long as two.
  const isRoyale = chance.is(0.2)
  const modes = chance
    .shuffled(catalogue)
    .filter((mode) => isFit(mode) && (mode.teams < 25 || isRoyale))
    .slice(0, chance.pick([1, 1, 1, 2, 3]))
  const drawn = drawMode(chance)
  const isAny = chance.is(0.35) && isFit(drawn)
  const regions = ['eu', 'us', 'asia', 'constructor'].slice(0, chance.pick([0, 0, 1, 2, 3, 4]))
  return {
    modes: [...(isAny ? [drawn, ...modes.slice(1)] : modes), ELSEWHERE],
    ...(regions.length > 0 && { regions }),
    ...(chance.is(0.5) && { pointsPerSecond: chance.pick([0.5, 1, 8, 100]) }),
    ...(chance.is(0.5) && { maxWaitMs: chance.pick([5_000, 30_000, 64_000]) }),
    ...(chance.is(0.3) && { maxLatencyMs: chance.pick([60, 100, 250]) }),
    ...(chance.is(0.3) && { pointsPerLatencyMs: chance.pick([0, 0.25, 4]) }),
  }
}
