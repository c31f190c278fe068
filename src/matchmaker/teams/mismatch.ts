// A point between the sums of two teams counts as much as four between single players, because it decides the match.
const TEAM_WEIGHT = 4

/** A ticket as the searches weigh it. */
export interface Member {
  place: number
  size: number
  rating: number
}

/** The difference between the largest and the smallest sum. */
export function spreadOfSums(sums: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const sum of sums) {
    if (sum < least) least = sum
    if (sum > most) most = sum
  }
  return most - least
}

/** Σ n · |r − mean|: the distance of all players from the mean of the group, in points. */
export function spreadOfPlayers(members: readonly Member[]): number {
  let players = 0
  let sum = 0
  for (const { size, rating } of members) {
    players += size
    sum += size * rating
  }
  const mean = sum / players
  let spread = 0
  for (const { size, rating } of members) spread += size * Math.abs(rating - mean)
  return spread
}

/**
 * How uneven a group is, in points: for two players the difference of their ratings; for more, the spread of the
 * players plus, with teams, four times the spread of the teams' sums.
 */
export function mismatchOf(members: readonly Member[], sums: readonly number[]): number {
  if (members.length === 2 && sums.length === 2 && members.every(({ size }) => size === 1)) return spreadOfSums(sums)
  const players = spreadOfPlayers(members)
  const isTeamGame = sums.length > 1 && members.length > sums.length
  return isTeamGame || members.some(({ size }) => size > 1) ? players + TEAM_WEIGHT * spreadOfSums(sums) : players
}
