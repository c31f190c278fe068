import { dice, seedOf } from '../../../src/util/random.ts'

/** Seeded draws: a seed and a name always give the same ones, independent of other names. */
export function chanceOf(seed: number, name: string) {
  const { next } = dice(seedOf(`${name} ${seed}`))
  const positive = (): number => 1 - next()

  const is = (share: number): boolean => next() < share
  const between = (least: number, most: number): number => least + (most - least) * next()
  const exponential = (mean: number): number => -mean * Math.log(positive())
  /** Box and Muller, 1958. */
  const normal = (): number => Math.sqrt(-2 * Math.log(positive())) * Math.cos(2 * Math.PI * next())

  /** One of the values, by their shares. */
  function pick<T extends { readonly share: number }>(from: readonly T[]): T {
    let rest = next() * from.reduce((sum, { share }) => sum + share, 0)
    for (const one of from) {
      rest -= one.share
      if (rest < 0) return one
    }
    const last = from.at(-1)
    if (!last) throw new RangeError('nothing to pick from')
    return last
  }
  return { is, between, exponential, normal, pick }
}
export type Chance = ReturnType<typeof chanceOf>
