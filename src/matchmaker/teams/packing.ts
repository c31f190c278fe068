import { fillable } from './seating.ts'

/** How many tickets of each size: `counts[3]` parties of three. */
export type SizeCounts = readonly number[]
/** Sizes that are at hand, and what they are known by. */
export interface SizeSet {
  sizes: readonly number[]
  key: number | string
}

const MAX_STEPS = 5_000
// Up to so many players in a team, all ways to fill it are looked at; beyond, a few good ones.
const SMALL_TEAM = 24
const MOST_KNOWN = 20_000
const LONGEST_MASK = 30
const MOST_COUNTS = 200_000

/** The sizes of which there are some. */
export function sizesIn(atHand: SizeCounts): SizeSet {
  const sizes: number[] = []
  let mask = 0
  for (let size = 1; size < atHand.length; size += 1) {
    if ((atHand[size] as number) === 0) continue
    sizes.push(size)
    mask |= 1 << size
  }
  return { sizes, key: atHand.length <= LONGEST_MASK ? mask : sizes.join() }
}

/**
 * Which party sizes fill `teams` teams of `teamSize` exactly, each party whole in one team. Answers are remembered, so
 * that the same question costs one look-up.
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

  /** Whether parties of these sizes can be placed so that what is free can still be filled by the sizes at hand. */
  fits(counts: SizeCounts, atHand: SizeSet): boolean {
    const key = this.#keyOf(counts, atHand.key)
    const known = this.#fits.get(key)
    if (known !== undefined) return known
    const found = this.#place(counts, fillable(this.teamSize, atHand.sizes))
    if (this.#fits.size > MOST_KNOWN) this.#fits.clear()
    this.#fits.set(key, found)
    return found
  }

  /** Sizes, no more of each than at hand and at least one of `including`, that fill everything exactly; or null. */
  recipe(atHand: SizeCounts, including: number): number[] | null {
    const patterns = this.patterns(atHand, including)
    return patterns && sumOf(patterns, this.teamSize)
  }

  /** As a recipe, team by team. */
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
    const isSmall = teamSize <= SMALL_TEAM
    const found = (isSmall ? null : this.#oneByOne(capped, including)) ?? this.#choose(capped, including)
    if (this.#patterns.size > MOST_KNOWN / teams) this.#patterns.clear()
    this.#patterns.set(key, found)
    return found
  }

  /** A number where one is large enough, which most formats are: looked up much faster than text. */
  #keyOf(counts: SizeCounts, beside: number | string): string | number {
    if (typeof beside === 'string') return `${textOf(counts)}|${beside}`
    const base = this.teams * this.teamSize + 1
    let key = beside
    for (const count of counts) key = key * base + count
    return key <= Number.MAX_SAFE_INTEGER ? key : `${textOf(counts)}|${beside}`
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
        // Teams with the same room are the same.
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

  /** Team by team, each with as many large parties as fill it: quick, and right wherever there are enough small ones. */
  #oneByOne(atHand: SizeCounts, including: number): number[][] | null {
    const left = [...atHand]
    const chosen: number[][] = []
    for (let team = 0; team < this.teams; team += 1) {
      const pattern = largeFirst(left, this.teamSize, team === 0 ? including : 0)
      if (!pattern) return null
      for (const [size, count] of pattern.entries()) left[size] = (left[size] as number) - count
      chosen.push(pattern)
    }
    return chosen
  }

  #choose(atHand: SizeCounts, including: number): number[][] | null {
    const left = [...atHand]
    const ways = this.#waysWith(sizesIn(atHand).sizes)
    let steps = MAX_STEPS
    const chosen: number[][] = []
    const take = (pattern: number[], times: number): void => {
      for (const [size, count] of pattern.entries()) left[size] = (left[size] as number) - times * count
    }
    // Of each pattern in falling order as many teams as there can be, then one less, and so on.
    const choose = (teams: number, from: number): boolean => {
      if (teams === 0) return true
      let at = from
      while (at < ways.length && timesIn(ways[at] as number[], left) === 0) at += 1
      const pattern = ways[at]
      if (!pattern) return false
      for (let times = Math.min(teams, timesIn(pattern, left)); times >= 0; times -= 1) {
        steps -= 1
        if (steps < 0) return false
        take(pattern, times)
        if (choose(teams - times, at + 1)) {
          for (let n = 0; n < times; n += 1) chosen.push(pattern)
          return true
        }
        take(pattern, -times)
      }
      return false
    }
    // The first team is the one with the size that must be there.
    for (const pattern of ways) {
      if (!pattern[including] || timesIn(pattern, left) === 0) continue
      take(pattern, 1)
      if (choose(this.teams - 1, 0)) return [pattern, ...chosen]
      take(pattern, -1)
      if (steps < 0) return null
    }
    return null
  }

  #waysWith(sizes: readonly number[]): number[][] {
    const key = sizes.join()
    const known = this.#ways.get(key) ?? partitions(this.teamSize, sizes)
    if (this.#ways.size > 64) this.#ways.clear()
    this.#ways.set(key, known)
    return known
  }
}

const textOf = (counts: SizeCounts): string => {
  let text = ''
  for (let size = 1; size < counts.length; size += 1) if (counts[size]) text += `${size}:${counts[size]} `
  return text
}

/** How many parties of each size all teams have. */
export function sumOf(patterns: readonly (readonly number[])[], teamSize: number): number[] {
  const sum = Array<number>(teamSize + 1).fill(0)
  for (const pattern of patterns)
    for (const [size, count] of pattern.entries()) sum[size] = (sum[size] as number) + count
  return sum
}

function timesIn(pattern: readonly number[], left: readonly number[]): number {
  let times = Number.POSITIVE_INFINITY
  for (const [size, count] of pattern.entries()) {
    if (count > 0) times = Math.min(times, Math.floor((left[size] as number) / count))
  }
  return times
}

/** The counts of parties, no more of each than there are, that fill the room with as many large ones as can be; or null. */
function largeFirst(left: SizeCounts, room: number, including: number): number[] | null {
  const pattern = Array<number>(left.length).fill(0)
  if (including > 0) pattern[including] = 1
  const rest = room - including
  const sizes = sizesIn(left).sizes.toReversed()
  // For each size how many of it, at least, each sum of the sizes so far takes; -1 for a sum that they cannot make.
  const used: Int32Array[] = []
  for (const size of sizes) {
    const count = (left[size] as number) - (pattern[size] as number)
    const before = used.at(-1)
    const now = new Int32Array(rest + 1).fill(-1)
    for (let sum = 0; sum <= rest; sum += 1) {
      if (before ? (before[sum] as number) >= 0 : sum === 0) now[sum] = 0
      else if (sum >= size && (now[sum - size] as number) >= 0 && (now[sum - size] as number) < count) {
        now[sum] = (now[sum - size] as number) + 1
      }
    }
    used.push(now)
  }
  if ((used.at(-1)?.[rest] ?? -1) < 0) return rest === 0 ? pattern : null
  let sum = rest
  for (const [n, size] of [...sizes.entries()].reverse()) {
    const count = used[n]?.[sum] ?? 0
    pattern[size] = (pattern[size] as number) + count
    sum -= count * size
  }
  return pattern
}

/** All ways to write a team's size as a sum of these party sizes, as counts; large parties first. */
function partitions(total: number, sizes: readonly number[]): number[][] {
  const largeToSmall = sizes.filter((size) => size <= total).toReversed()
  // Whether what is left can be made of this size and those after it: then no way leads nowhere.
  const can = largeToSmall.map((_, n) => fillable(total, largeToSmall.slice(n)))
  const found: number[][] = []
  const most = Math.min(MAX_STEPS, Math.ceil(MOST_COUNTS / total))
  const counts = Array<number>(total + 1).fill(0)
  const divide = (rest: number, from: number): void => {
    if (found.length >= most) return
    if (rest === 0) return void found.push([...counts])
    for (let n = from; n < largeToSmall.length; n += 1) {
      const size = largeToSmall[n] as number
      if (size > rest || !can[n]?.[rest - size]) continue
      counts[size] = (counts[size] as number) + 1
      divide(rest - size, n)
      counts[size] = (counts[size] as number) - 1
    }
  }
  divide(total, 0)
  return found
}
