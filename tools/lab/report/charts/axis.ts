export interface Axis {
  label: string
  max: number
  ticks: { at: number; label: string }[]
}

const NICE = [1, 2, 2.5, 5, 10]
const MOST_TICKS = 6

/** An axis from 0 to a round number at or above `most`, with up to six steps of a round size. */
export function axisTo(most: number, label: string, unit = ''): Axis {
  const step = stepFor(Number.isFinite(most) && most > 0 ? most : 1)
  const count = Math.max(1, Math.ceil((most || 0) / step - 1e-9))
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (isHalf(step) ? 1 : 0))
  const ticks = Array.from({ length: count + 1 }, (_, n) => ({
    at: n * step,
    label: `${(n * step).toFixed(digits)}${unit}`,
  }))
  return { label, max: count * step, ticks }
}

function stepFor(most: number): number {
  const rough = most / MOST_TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * (NICE.find((nice) => nice * power >= rough - 1e-12) ?? 10)
}
const isHalf = (step: number): boolean => Math.abs(step / 10 ** Math.floor(Math.log10(step) + 1e-9) - 2.5) < 1e-6

/** Bands of equal width, named by their ranges. */
export const bandsBetween = (between: readonly string[], label: string): Axis => ({
  label,
  max: between.length + 1,
  ticks: between.map((name, n) => ({ at: n + 1, label: name })),
})
/** Bands of equal width, named in their middle. */
export const bandsOf = (names: readonly string[], label: string): Axis => ({
  label,
  max: names.length,
  ticks: names.map((name, n) => ({ at: n + 0.5, label: name })),
})
