import type { Verdict } from './check/check.ts'
import type { History, Life } from './check/history.ts'
import { type Kind, kinds } from './faults.ts'

const SHOWN = 5

export interface Findings {
  verdict: Verdict
  history: History
  server: { startsMs: readonly number[]; complaints: ReadonlyMap<string, number>; said: readonly string[] }
  /** What kept bots from coming to an end. */
  stuck: readonly string[]
}

/** How many faults there are of each kind. */
function countFaults({ verdict, stuck }: Pick<Findings, 'verdict' | 'stuck'>): Record<Kind, number> {
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>
  for (const { kind } of verdict.faults) counts[kind] += 1
  counts.other += stuck.length
  return counts
}

export const isBroken = (findings: Pick<Findings, 'verdict' | 'stuck'>): boolean =>
  Object.values(countFaults(findings)).some((many) => many > 0) || findings.verdict.acked === 0

/** The report, line by line; the last one is the verdict. */
export function reportOf(findings: Findings): string[] {
  const { verdict, history, server, stuck } = findings
  const { startsMs, complaints } = server
  const { other, ...counts } = countFaults(findings)
  const { acked, retried, again, unproven, heard, late } = verdict
  const told = kinds.flatMap((kind) => verdict.faults.filter((fault) => fault.kind === kind).slice(0, SHOWN))
  return [
    line('server', { kills: history.lives.length - 1, starts: startsMs.length }),
    line('ready ms', spread(startsMs)),
    line('back ms', spread(comebacks(history))),
    line('matches', {
      seen: verdict.matches,
      'on record': history.stored.matches.length,
      results: history.stored.results.length,
    }),
    line('acks', { acked, retried, 'acked again': again, unproven }),
    line('log lines', {
      heard,
      'in the store': history.stored.matches.reduce((sum, { lines }) => sum + lines.length, 0),
    }),
    line('bots', { connections: connectionsOf(history), late }),
    ...[...complaints].map(([words, times]) => line('server said', { [words]: times })),
    ...told.map(({ kind, what }) => `${kind.padEnd(16)}${what}`),
    ...stuck.slice(0, SHOWN).map((what) => `${'other'.padEnd(16)}${what}`),
    Object.entries({ ...counts, ...(other > 0 && { other }) })
      .map((pair) => pair.join(' '))
      .join(' '),
    isBroken(findings) ? `BROKEN: ${whyBroken(findings)}` : 'nothing was lost',
  ]
}

function whyBroken(findings: Findings): string {
  const broken = Object.entries(countFaults(findings)).filter(([, many]) => many > 0)
  return broken.length > 0 ? broken.map((pair) => pair.join(' ')).join(', ') : 'nothing was acked'
}

/** How long after each start the bots had their seats again, in ms: one figure for each bot and start. */
export function comebacks({ diaries, lives }: Pick<History, 'diaries' | 'lives'>): number[] {
  return diaries.flatMap(({ entries }) => {
    const joins = entries.filter((entry) => entry.is === 'asked' && entry.event === 'match:join' && entry.reply?.ok)
    return lives.slice(1).flatMap((life) => {
      const first = joins.find(({ at }) => isWithin(life, at))
      return first ? [first.at - life.readyAt] : []
    })
  })
}
const isWithin = ({ readyAt, killedAt }: Life, at: number): boolean => at >= readyAt && at <= killedAt

const connectionsOf = ({ diaries }: History): number =>
  diaries.reduce((sum, { entries }) => sum + entries.filter(({ is }) => is === 'connected').length, 0)

function spread(values: readonly number[]): Record<string, string> {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}

function line(title: string, figures: Readonly<Record<string, number | string>>): string {
  const cells = Object.entries(figures).map(([name, value]) => `${name} ${value}`.padEnd(18))
  return [title.padEnd(14), ...cells].join('').trimEnd()
}
