import { gapOf, type Life } from './life.ts'
import { mean, normalShare } from './statistics.ts'

// How much a player's form varies from match to match, in points: the β of Muster's own ratings.
const FORM = 250

/**
 * How likely the best team of a match beats its worst, from ½ on: Φ(Δ / √Σ(σ² + β²)), with Δ between the sums of their
 * ratings and the sum over the players of both (Herbrich, Minka and Graepel, TrueSkill, 2006). Null without a gap.
 */
export function favouritesChance(match: readonly Life[], teams: number): number | null {
  const gap = gapOf(match)
  if (gap === null || teams < 2) return null
  const players = match.flatMap((life) => life.players)
  const teamSize = players.length / teams
  const variance = mean(players.map(({ sigma = 0 }) => sigma ** 2 + FORM ** 2))
  return normalShare((gap * teamSize) / Math.sqrt(2 * teamSize * variance))
}
