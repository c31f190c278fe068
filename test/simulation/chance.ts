import { dice, seedOf } from '../../src/util/random.ts'

/** The only source of randomness in a simulation: the same seed decides everything the same way. */
export function chanceOf(seed: number) {
  const { next } = dice(seedOf(`simulation ${seed}`))
  const upTo = (most: number): number => Math.floor(next() * (most + 1))

  /** True with this probability. */
  const is = (share: number): boolean => next() < share
  const between = (least: number, most: number): number => least + upTo(most - least)
  function pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError('nothing to pick from')
    return from[upTo(from.length - 1)] as T
  }
  /** One of the keys, by their weights. */
  function weighted<K extends string>(weights: Partial<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][]
    let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      rest -= weight
      if (rest < 0) return key
    }
    return pick(entries)[0]
  }
  function shuffled<T>(from: readonly T[]): T[] {
    const rest = [...from]
    return from.map(() => rest.splice(upTo(rest.length - 1), 1)[0] as T)
  }
  return { is, between, pick, weighted, shuffled }
}
export type Chance = ReturnType<typeof chanceOf>
