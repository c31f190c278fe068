import type { Figures } from './figures.ts'

/** One way in which the queue was run. */
export interface Setting {
  name: string
  figures: Figures
}
export interface TableRow {
  label: string
  /** One for each setting. */
  cells: string[]
}

const seconds = (ms: number): string => (Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : '–')
const points = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '–')
const percent = (value: number): string => (Number.isFinite(value) ? `${(value * 100).toFixed(1)} %` : '–')
const whole = (value: number): string => value.toLocaleString('en')

const common: [label: string, cell: (figures: Figures) => string][] = [
  ['tickets', ({ tickets }) => whole(tickets)],
  ['matches', ({ matches }) => whole(matches)],
  ['tickets that gave up', ({ ended }) => whole((ended.cancelled ?? 0) + (ended.expired ?? 0) + (ended.declined ?? 0))],
  ['still waiting at the end', ({ ended }) => whole(ended.drained ?? 0)],
  ['wait, mean', ({ wait }) => seconds(wait.mean)],
  ['wait, median', ({ wait }) => seconds(wait.p50)],
  ['wait, p95', ({ wait }) => seconds(wait.p95)],
  ['wait, p99', ({ wait }) => seconds(wait.p99)],
  ['gap between teams, mean', ({ gap }) => points(gap.mean)],
  ['gap between teams, p95', ({ gap }) => points(gap.p95)],
  ["favourite's win chance, mean", ({ favourite }) => percent(favourite.mean)],
  ["favourite's win chance, p95", ({ favourite }) => percent(favourite.p95)],
  ['p95 wait of the worst 1 %', ({ worstWait }) => seconds(worstWait)],
  ['p95 wait of the best 1 %', ({ bestWait }) => seconds(bestWait)],
]
const told: typeof common = [
  ['predicted wait, mean', ({ predicted }) => seconds(predicted)],
  ['actual wait of the same', ({ actual }) => seconds(actual)],
]

const headlines: typeof common = [
  ['mean wait', ({ wait }) => seconds(wait.mean)],
  ['wait, p95', ({ wait }) => seconds(wait.p95)],
  ['mean gap between teams', ({ gap }) => `${points(gap.mean)} points`],
  ["favourite's win chance", ({ favourite }) => percent(favourite.mean)],
]
const across = (rows: typeof common, settings: readonly Setting[]): TableRow[] =>
  rows.map(([label, cell]) => ({ label, cells: settings.map(({ figures }) => cell(figures)) }))

/** The few figures that say the most. */
export const headlinesOf = (settings: readonly Setting[]): TableRow[] => across(headlines, settings)

/** The figures of each setting, side by side. */
export function tableOf(settings: readonly Setting[]): TableRow[] {
  const sizes = [...new Set(settings.flatMap(({ figures }) => [...figures.waitBySize.keys()]))].sort((a, b) => a - b)
  const bySize = sizes.map((size): (typeof common)[number] => [
    size === 1 ? 'mean wait of solos' : `mean wait of parties of ${size}`,
    ({ waitBySize }) => seconds(waitBySize.get(size) ?? Number.NaN),
  ])
  return across([...common, ...(sizes.length > 1 ? bySize : []), ...told], settings)
}

export function printed(settings: readonly Setting[]): string {
  const rows = [{ label: '', cells: settings.map(({ name }) => name) }, ...tableOf(settings)]
  const widths = settings.map((_, n) => Math.max(...rows.map(({ cells }) => cells[n]?.length ?? 0)) + 3)
  const line = ({ label, cells }: TableRow) =>
    label.padEnd(32) + cells.map((cell, n) => cell.padStart(widths[n] ?? 0)).join('')
  return rows.map(line).join('\n')
}
