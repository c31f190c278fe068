import type { Latencies } from './bystander.ts'

export interface Measured {
  about: { store: string; mode: string; seats: number; deed: string }
  /** From the first request until everyone had heard everything. */
  ms: number
  /** Of the server. */
  cpuMs: number
  /** Share of the time in which the server was ready and other work had the cores. */
  waited: number
  /** The most of the processor's time that one turn of the server's loop took. */
  longestTurnMs: number
  window: [number, number]
  latencies: Latencies
  faults: readonly string[]
}

const MOST_MS = 50
const columns =
  'store   ,mode      ,seats,deed         ,     ms,CPU ms each,longest turn,waited,p50 ms,p99 ms,max ms'.split(',')
export const heading = `${columns.join('  ')}\n${' '.repeat(columns.join('  ').length - 22)}of the bystanders`

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN

const cpuMsEach = ({ cpuMs, about: { seats } }: Measured): number => cpuMs / seats

/** One line: the cost for the server, and the waits of others. */
export function lineOf(measured: Measured): string {
  const { about, ms, waited, latencies, faults } = measured
  const all = Object.values(latencies)
    .filter((one) => Array.isArray(one))
    .flat()
    .toSorted((a, b) => a - b)
  const p99 = quantile(all, 0.99)
  const cells = [
    about.store,
    about.mode,
    about.seats,
    about.deed,
    ms.toFixed(0),
    cpuMsEach(measured).toFixed(2),
    measured.longestTurnMs.toFixed(0),
    `${Math.round(waited * 100)}%`,
    quantile(all, 0.5).toFixed(1),
    p99.toFixed(1),
    quantile(all, 1).toFixed(1),
  ]
  const line = cells.map((cell, n) => padded(String(cell), columns[n] ?? '')).join('  ')
  return [
    line,
    p99 < MOST_MS ? '' : `  aim p99 < ${MOST_MS} ms: missed`,
    ...faults.map((fault) => `\n  ${fault}`),
  ].join('')
}
const padded = (cell: string, column: string) =>
  column.startsWith(' ') || /^(seats|CPU|longest|waited|p\d|max)/.test(column)
    ? cell.padStart(column.length)
    : cell.padEnd(column.length)

/** The cost of a join in the larger room, relative to the smaller one. */
export function nearness([few, many]: readonly Measured[]): string {
  if (!few || !many) return ''
  const ratio = cpuMsEach(many) / cpuMsEach(few)
  return `a join in a room of ${many.about.seats} costs ${ratio.toFixed(1)} times what it does in one of ${few.about.seats}`
}
