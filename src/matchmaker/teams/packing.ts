import { choosePatterns, fillOneByOne } from './fill-teams.ts'
import { keyOf, type SizeCounts, type SizeSet, sizesIn, sumOf } from './party-sizes.ts'
import { fillable } from './seating.ts'
import { partitions } from './team-patterns.ts'

const MAX_STEPS = 5_000
// For teams of up to this many players all ways to fill them are tried; for larger ones a few good ways.
const SMALL_TEAM = 24
const MAX_KNOWN = 20_000
const MAX_WAYS_KNOWN = 64

/**
 * Tells which party sizes fill `teams` teams of `teamSize` exactly, with each party whole in one team. Answers are
 * cached.
 */
export class Packing {
  readonly teams: number
  readonly teamSize: number
  readonly #fits = new Map<string | number, boolean>()
  readonly #patterns = new Map<string | number, number[][] | null>()
  readonly #ways = new Map<string, number[][]>()

  constructor(teams: number, teamSize: number) {
    this.teams = teams
    this.teamSize = teamSize
  }

  /** Whether parties of these sizes can be placed so that the sizes in the queue can fill the rest. */
  fits(counts: SizeCounts, atHand: SizeSet): boolean {
    const key = this.#keyOf(counts, atHand.key)
    const known = this.#fits.get(key)
    if (known !== undefined) return known
    const found = this.#place(counts, fillable(this.teamSize, atHand.sizes))
    if (this.#fits.size > MAX_KNOWN) this.#fits.clear()
    this.#fits.set(key, found)
    return found
  }

  /**
   * Numbers of parties by size that fill everything exactly, at most those at hand and at least one of `including`; or
   * null.
   */
  recipe(atHand: SizeCounts, including: number): number[] | null {
    const patterns = this.patterns(atHand, including)
    return patterns && sumOf(patterns, this.teamSize)
  }

  /** Like `recipe`, team by team. */
  patterns(atHand: SizeCounts, including: number): readonly number[][] | null {
    const { teams, teamSize } = this
    let players = 0
    const capped = Array<number>(teamSize + 1).fill(0)
    for (let size = 1; size <= teamSize; size += 1) {
      const count = Math.min(atHand[size] ?? 0, teams * Math.floor(teamSize / size))
      capped[size] = count
      players += size * count
    }
    if (players < teams * teamSize) return null
    const key = this.#keyOf(capped, including)
    const known = this.#patterns.get(key)
    if (known !== undefined) return known
    const quick = teamSize <= SMALL_TEAM ? null : fillOneByOne(capped, this, including)
    const found = quick ?? choosePatterns(this.#waysWith(sizesIn(capped).sizes), { atHand: capped, teams, including })
    if (this.#patterns.size > MAX_KNOWN / teams) this.#patterns.clear()
    this.#patterns.set(key, found)
    return found
  }

  #keyOf(counts: SizeCounts, beside: number | string): string | number {
    return keyOf(counts, beside, this.teams * this.teamSize + 1)
  }

  #place(counts: SizeCounts, canFill: readonly boolean[]): boolean {
    const sizes = counts.flatMap((count, size) => Array<number>(count).fill(size)).reverse()
    const rooms = Array<number>(this.teams).fill(this.teamSize)
    let steps = MAX_STEPS
    const place = (n: number): boolean => {
      const size = sizes[n]
      if (size === undefined) return rooms.every((room) => canFill[room])
      for (let team = 0; team < rooms.length; team += 1) {
        const room = rooms[team] as number
        // A team with the same room as an earlier one gives nothing new.
        if (room < size || rooms.indexOf(room) < team) continue
        steps -= 1
        if (steps < 0) return false
        rooms[team] = room - size
        if (place(n + 1)) return true
        rooms[team] = room
      }
      return false
    }
    return place(0)
  }

  #waysWith(sizes: readonly number[]): number[][] {
    const key = sizes.join()
    const known = this.#ways.get(key) ?? partitions(this.teamSize, sizes)
    if (this.#ways.size > MAX_WAYS_KNOWN) this.#ways.clear()
    this.#ways.set(key, known)
    return known
  }
}
