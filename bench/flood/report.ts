import type { Struck } from './attacker.ts'
import type { Seen, Wait } from './bystander.ts'
import type { Held } from './meter.ts'

/** What one attack did. */
export interface Result {
  attack: string
  connections: number
  seen: Seen
  struck: Struck
  /** Of a core, over all threads. */
  serverLoad: number
  serverWaited: number
  held: Held
}

/** The limits of the server's CPU time until it serves a bystander, and until its loop turns, in ms. */
const BYSTANDER_MS = 100
const LOOP_MS = 50

const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

const COLUMNS = [32, 3, 30, 30, 30, 14, 11, 7, 6]
const line = (cells: readonly string[]) =>
  cells.map((cell, n) => (n === 0 ? cell.padEnd(COLUMNS[n] ?? 0) : cell.padStart(COLUMNS[n] ?? 0))).join(' ')

const share = (waits: readonly Wait[], what: keyof Wait, of: number) =>
  percentile(
    waits.map((wait) => wait[what]),
    of,
  )
const figures = (waits: readonly Wait[]) =>
  [
    [0.5, 0.99, 1].map((of) => share(waits, 'wall', of).toFixed(0)).join('/'),
    [0.99, 1].map((of) => share(waits, 'work', of).toFixed(0)).join('/'),
  ].join('  ')

const percent = (share: number) => `${Math.round(share * 100)}%`

export const head = line('attack,by,relay,/healthz,request,loop held,server CPU,waited,cuts'.split(','))

/** What was slow by the server's own doing. */
const slowOf = ({ seen, held }: Result): string[] => [
  ...(['relay', 'healthz', 'request'] as const).filter((what) => share(seen[what], 'work', 0.99) > BYSTANDER_MS),
  ...(held.p99 > LOOP_MS ? ['loop'] : []),
]

export function row(result: Result): string {
  const { attack, connections, seen, struck, serverLoad, serverWaited, held } = result
  const slow = slowOf(result)
  const cells = [
    attack,
    `${connections}`,
    figures(seen.relay),
    figures(seen.healthz),
    figures(seen.request),
    `${held.p99.toFixed(0)}/${held.max.toFixed(0)}`,
    percent(serverLoad),
    percent(serverWaited),
    `${struck.cuts}`,
  ]
  return [line(cells), ...(slow.length > 0 ? [`slow: ${slow.join(', ')}`] : []), ...seen.troubles].join('  ')
}
