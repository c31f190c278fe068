/** How many tickets of each size: `counts[3]` parties of three. */
export type SizeCounts = readonly number[]

const MAX_STEPS = 5_000

/**
 * Which party sizes fill `teams` teams of `teamSize` exactly, each party whole in one team. Answers are remembered, so
 * that the same question costs one look-up.
 */
export class Packing {
  readonly teams: number
  readonly teamSize: number
  readonly #fits = new Map<string | number, boolean>()
  readonly #recipes = new Map<string, number[] | null>()
  readonly #patterns: number[][]

  constructor(teams: number, teamSize: number) {
    this.teams = teams
    this.teamSize = teamSize
    this.#patterns = partitions(teamSize, teamSize)
  }

  /** Whether parties of these sizes can be placed so that what is free can still be filled by sizes of the mask. */
  fits(counts: SizeCounts, sizesAtHand: number): boolean {
    const key = this.#keyOf(counts, sizesAtHand)
    const known = this.#fits.get(key)
    if (known !== undefined) return known
    const found = this.#place(counts, fillable(this.teamSize, sizesAtHand))
    if (this.#fits.size > 20_000) this.#fits.clear()
    this.#fits.set(key, found)
    return found
  }

  /** Sizes, no more of each than at hand and at least one of `including`, that fill everything exactly; or null. */
  recipe(atHand: SizeCounts, including: number): number[] | null {
    const { teams, teamSize } = this
    const capped = Array.from({ length: teamSize + 1 }, (_, size) =>
      size === 0 ? 0 : Math.min(atHand[size] ?? 0, teams * Math.floor(teamSize / size)),
    )
    const key = `${capped.join()}|${including}`
    const known = this.#recipes.get(key)
    if (known !== undefined) return known
    const found = this.#choose(capped, including)
    if (this.#recipes.size > 20_000) this.#recipes.clear()
    this.#recipes.set(key, found)
    return found
  }

  /** A number where one is large enough, which most formats are: looked up much faster than text. */
  #keyOf(counts: SizeCounts, sizesAtHand: number): string | number {
    const base = this.teams * this.teamSize + 1
    let key = sizesAtHand
    for (const count of counts) key = key * base + count
    return key <= Number.MAX_SAFE_INTEGER ? key : `${counts.join()}|${sizesAtHand}`
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

  #choose(atHand: number[], including: number): number[] | null {
    const left = [...atHand]
    let steps = MAX_STEPS
    const chosen: number[][] = []
    // The patterns of the teams in falling order, the first with the size that must be there.
    const choose = (team: number, from: number): boolean => {
      if (team === this.teams) return true
      for (let n = from; n < this.#patterns.length; n += 1) {
        const pattern = this.#patterns[n] as number[]
        steps -= 1
        if (steps < 0) return false
        if (team === 0 && !pattern[including]) continue
        if (pattern.some((count, size) => count > (left[size] as number))) continue
        for (const [size, count] of pattern.entries()) left[size] = (left[size] as number) - count
        chosen.push(pattern)
        if (choose(team + 1, team === 0 ? 0 : n)) return true
        chosen.pop()
        for (const [size, count] of pattern.entries()) left[size] = (left[size] as number) + count
      }
      return false
    }
    if (!choose(0, 0)) return null
    return atHand.map((_, size) => chosen.reduce((sum, pattern) => sum + (pattern[size] as number), 0))
  }
}

/** For each room up to `most`, whether parties of the sizes in the mask can fill it. */
function fillable(most: number, sizes: number): boolean[] {
  const can = [true]
  for (let room = 1; room <= most; room += 1) {
    let isFillable = false
    for (let size = 1; size <= room && !isFillable; size += 1) {
      isFillable = (sizes & (1 << size)) !== 0 && can[room - size] === true
    }
    can.push(isFillable)
  }
  return can
}

/** All ways to write a team's size as a sum of party sizes, as counts; large parties first. */
function partitions(total: number, largest: number): number[][] {
  const found: number[][] = []
  const counts = Array<number>(total + 1).fill(0)
  const divide = (rest: number, most: number): void => {
    if (found.length >= MAX_STEPS) return
    if (rest === 0) return void found.push([...counts])
    for (let size = Math.min(rest, most); size >= 1; size -= 1) {
      counts[size] = (counts[size] as number) + 1
      divide(rest - size, size)
      counts[size] = (counts[size] as number) - 1
    }
  }
  divide(total, largest)
  return found
}
