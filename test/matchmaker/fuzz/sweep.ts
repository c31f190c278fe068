import { type Outcome, play } from './play.ts'
import { drawScenario, type ShadowKind } from './scenario.ts'
import type { Make } from './shadow.ts'
import { shrink } from './shrink.ts'

export interface Sweep {
  seeds: number
  operations: number
  proposals: number
  byShadow: Partial<Record<ShadowKind, number>>
  failures: Outcome[]
}
interface Asked {
  make: Make
  from: number
  operations: number
  mostFailures?: number
  heard?: (sweep: Sweep) => void
}

/** Plays one seed after another until so many operations are done. */
export function sweep({ make, from, operations, mostFailures = 10, heard }: Asked): Sweep {
  const total: Sweep = { seeds: 0, operations: 0, proposals: 0, byShadow: {}, failures: [] }
  while (total.operations < operations && total.failures.length < mostFailures) {
    const scenario = drawScenario(from + total.seeds)
    const outcome = play(scenario, make)
    total.seeds += 1
    total.operations += outcome.operations
    total.proposals += outcome.proposals
    total.byShadow[scenario.shadow] = (total.byShadow[scenario.shadow] ?? 0) + 1
    if (outcome.broken) total.failures.push(outcome)
    heard?.(total)
  }
  return total
}

/** The calls that break the promise, as few as were found; and whether they do. */
export function reproduce(seed: number, make: Make): { lines: string[]; isBroken: boolean } {
  const scenario = shrink(drawScenario(seed), make)
  const { modes, ...options } = scenario.options
  const played = modes.filter(({ id }) => JSON.stringify(scenario.operations).includes(`"${id}"`))
  const lines = [`modes ${JSON.stringify(played)}, ${JSON.stringify(options)}, shadow ${scenario.shadow}`]
  const { broken } = play(scenario, make, (line) => lines.push(line))
  lines.push(broken ? `${broken.promise}: ${broken.seen}` : 'no promise is broken')
  return { lines, isBroken: broken !== null }
}
