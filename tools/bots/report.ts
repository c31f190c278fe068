import type { Fault } from './faults.ts'
import type { Tally } from './ledger/page.ts'

/** All that a run found out. */
export interface Findings {
  matches: { made: number; begun: number }
  tally: Tally
  /** From sending to hearing; null when nothing was heard. */
  latencyMs: { p50: number; p95: number; p99: number; max: number } | null
  /** What went wrong beside the messages. */
  faults: readonly Fault[]
  refusals: readonly Fault[]
}

/** The broken invariants, one phrase each; empty when all hold. */
export function brokenIn({ matches, tally, faults }: Findings): string[] {
  const { lost, duplicated, echoed, outOfOrder, strayed } = tally
  const messages = { lost, duplicated, 'echoed to the sender': echoed, 'out of order': outOfOrder, strayed }
  return [
    ...faults.map(({ what, times }) => `${what}${times > 1 ? `, ${times} times` : ''}`),
    ...(matches.begun === 0 ? ['no match was played'] : []),
    ...Object.entries(messages).flatMap(([how, many]) => (many > 0 ? [`messages ${how}: ${many}`] : [])),
  ]
}

/** The report, line by line; the last one is the verdict. */
export function reportOf(findings: Findings): string[] {
  const { matches, tally, latencyMs, refusals } = findings
  const { sent, owed, delivered, lost, duplicated, echoed, outOfOrder, strayed, cutOff } = tally
  const latencies = Object.entries(latencyMs ?? {}).map(([name, ms]) => [name, ms.toFixed(1)])
  const broken = brokenIn(findings)
  return [
    line('matches', { made: matches.made, played: matches.begun }),
    line('messages', { sent, 'to hear': owed, delivered }),
    line('', { lost, duplicated, echoed }),
    line('', { 'out of order': outOfOrder, strayed, 'cut off': cutOff }),
    ...(latencyMs ? [line('latency ms', Object.fromEntries(latencies))] : []),
    ...refusals.map(({ what, times }) => line('refused', { [what]: times })),
    broken.length === 0 ? 'all invariants hold' : `BROKEN: ${broken.join('; ')}`,
  ]
}

function line(title: string, figures: Readonly<Record<string, number | string>>): string {
  const cells = Object.entries(figures).map(([name, value]) => `${name} ${value}`.padEnd(18))
  return [title.padEnd(12), ...cells].join('').trimEnd()
}
