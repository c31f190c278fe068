import type { Candidate } from './exchange.ts'
import { spreadOfSums } from './mismatch.ts'
import type { Format } from './split.ts'

/**
 * Distributes the tickets anew over teams with the same numbers of parties of each size: large parties first, then
 * strong ones, each to the team with the most room, and of those to the weakest.
 */
export function dealt(teams: readonly (readonly Candidate[])[], { teamSize }: Format): Candidate[][] {
  const open = teams.map((team) => {
    const wanted = new Map<number, number>()
    for (const { size } of team) wanted.set(size, (wanted.get(size) ?? 0) + 1)
    return { wanted, members: [] as Candidate[], room: teamSize, sum: 0 }
  })
  for (const one of teams.flat().sort((a, b) => b.size - a.size || b.rating - a.rating)) {
    let best: (typeof open)[number] | null = null
    for (const team of open) {
      if (!team.wanted.get(one.size)) continue
      if (!best || team.room > best.room || (team.room === best.room && team.sum < best.sum)) best = team
    }
    if (!best) continue
    best.wanted.set(one.size, (best.wanted.get(one.size) ?? 0) - 1)
    best.members.push(one)
    best.room -= one.size
    best.sum += one.size * one.rating
  }
  return open.map(({ members }) => members)
}

const MAX_ROUNDS = 24

/**
 * Repeatedly exchanges, between the strongest and the weakest team, the two parties that bring them closest together.
 */
export function levelled(teams: Candidate[][]): Candidate[][] {
  const sums = teams.map((team) => team.reduce((sum, { size, rating }) => sum + size * rating, 0))
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const strong = sums.indexOf(Math.max(...sums))
    const weak = sums.indexOf(Math.min(...sums))
    const apart = spreadOfSums(sums)
    const moved = exchange(teams[strong] as Candidate[], teams[weak] as Candidate[], apart)
    if (moved === 0) break
    sums[strong] = (sums[strong] as number) - moved
    sums[weak] = (sums[weak] as number) + moved
  }
  return teams
}

/** Makes the exchange that brings two teams closest together; returns the change, 0 for none. */
function exchange(strong: Candidate[], weak: Candidate[], apart: number): number {
  const half = apart / 2
  let best: { a: number; b: number; moved: number } | null = null
  // Sorted by rating, the best partner is where the difference passes the half, so one walk along both lists finds it.
  const mine = byRating(strong)
  const theirs = byRating(weak)
  for (const [size, ours] of mine) {
    const others = theirs.get(size) ?? []
    let next = 0
    for (const a of ours) {
      const rating = (strong[a] as Candidate).rating
      while (next < others.length && size * (rating - ratingIn(weak, others[next])) > half) next += 1
      for (const b of [others[next - 1], others[next]]) {
        if (b === undefined) continue
        const moved = size * (rating - ratingIn(weak, b))
        if (moved <= 0 || moved >= apart) continue
        if (!best || Math.abs(moved - half) < Math.abs(best.moved - half)) best = { a, b, moved }
      }
    }
  }
  // Anything smaller is a rounding error.
  if (!best || best.moved < 1e-9 * apart) return 0
  const { a, b, moved } = best
  const out = strong[a] as Candidate
  strong[a] = weak[b] as Candidate
  weak[b] = out
  return moved
}

const ratingIn = (team: readonly Candidate[], at: number | undefined): number => team[at ?? 0]?.rating ?? 0

/** The positions of a team's parties by size, the weakest first. */
function byRating(team: readonly Candidate[]): Map<number, number[]> {
  const places = new Map<number, number[]>()
  const order = [...team.keys()].sort((a, b) => ratingIn(team, a) - ratingIn(team, b))
  for (const at of order) {
    const { size } = team[at] as Candidate
    const known = places.get(size)
    if (known) known.push(at)
    else places.set(size, [at])
  }
  return places
}
