import type { Result } from './load.ts'
import type { Kind } from './servers.ts'

/** What each server did in a room size, one result a round. */
export type Rounds = Partial<Record<Kind, Result[]>>

/** At most this share of bare Socket.IO's cost, by room size. */
const TARGETS = new Map([
  [2, 0.9],
  [8, 0.8],
  [64, 0.8],
])

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
}

/** Server CPU microseconds per message that reached someone. */
export const costOf = ({ serverCpuMicros, delivered }: Result) => serverCpuMicros / delivered

/** What went wrong in a run: copies that never came, came twice, or came to the wrong place. Empty when all is well. */
export const faultsOf = ({ lost, duplicated, echoed, strayed, troubles }: Result): string[] => {
  const counted = Object.entries({ lost, duplicated, echoed, strayed }).filter(([, many]) => many > 0)
  return [...counted.map(([what, many]) => `${many} ${what}`), ...troubles]
}

const columns =
  'room of,server,µs/message,p50 ms,p95 ms,p99 ms,messages,server CPU,waited,driver CPU,waited,faults'.split(',')
const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart((columns[i]?.length ?? 0) + 2)).join('')

/** One line for each server in each room size: medians over the rounds. */
export function table(all: ReadonlyMap<number, Rounds>): string {
  const lines = [...all].flatMap(([size, rounds]) =>
    Object.entries(rounds).map(([kind, runs]) => line([String(size), kind, ...figures(runs)])),
  )
  return [line(columns), ...lines].join('\n')
}

function figures(runs: readonly Result[]): string[] {
  const middle = (of: (run: Result) => number) => median(runs.map(of))
  return [
    middle(costOf).toFixed(2),
    middle((run) => run.p50Ms).toFixed(2),
    middle((run) => run.p95Ms).toFixed(2),
    middle((run) => run.p99Ms).toFixed(2),
    middle((run) => run.delivered).toFixed(0),
    percent(middle((run) => run.serverLoad)),
    percent(middle((run) => run.serverWaited)),
    percent(middle((run) => run.driverLoad)),
    percent(middle((run) => run.driverWaited)),
    runs.flatMap(faultsOf).length === 0 ? 'none' : 'yes',
  ]
}

const percent = (share: number) => `${Math.round(share * 100)}%`

// A server kept from its core finds work piled up and does it in bulk, which costs less: such a round compares little.
const BUSY_MACHINE = 0.2
const wasCalm = (run: Result) => run.serverWaited <= BUSY_MACHINE

/** Muster's cost as a share of bare Socket.IO's: the median of the calm rounds' ratios, or of all when none was calm. */
export function verdict(size: number, { bare = [], muster = [] }: Rounds): string {
  const rounds = bare.flatMap((a, round) => {
    const b = muster[round]
    return b ? [{ ratio: costOf(b) / costOf(a), isCalm: wasCalm(a) && wasCalm(b) }] : []
  })
  const calm = rounds.filter(({ isCalm }) => isCalm)
  const ratios = (calm.length > 0 ? calm : rounds).map(({ ratio }) => ratio)
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
  const basis = `${spread}; ${calm.length} of ${rounds.length} rounds calm`
  const ratio = median(ratios)
  return `room of ${size}: muster/bare ${ratio.toFixed(2)} (${basis})${judged(ratio, TARGETS.get(size))}`
}

function judged(ratio: number, target: number | undefined): string {
  if (target === undefined) return ''
  return `, target <= ${target.toFixed(2)}: ${ratio <= target ? 'met' : 'missed'}`
}
