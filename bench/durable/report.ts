import type { GameName } from './games.ts'
import type { Beside, ReadPlan } from './reads.ts'
import type { Kind, Result } from './run.ts'

/** What was measured in a game, one result a round. */
export type Rounds = Partial<Record<Kind, Result[]>>

const ENOUGH_PER_SECOND = 15_000
const MOST_TIMES_SLOWER = 1.5
const MOST_LOST_TO_READS = 0.15

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
}

export const perSecond = ({ acts, seconds }: Result): number => acts / seconds

const columns = '  game,   store,    acts/s,p50 ms,p99 ms,CPU µs/act,bytes/act,waited'.split(',')
const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart((columns[i]?.length ?? 0) + 2)).join('')

/** One line for each store in each game: medians over the rounds. */
export function table(all: ReadonlyMap<GameName, Rounds>): string {
  const lines = [...all].flatMap(([game, rounds]) =>
    Object.entries(rounds).map(([kind, runs]) => line([game, kind, ...figures(runs)])),
  )
  return [line(columns), ...lines].join('\n')
}

function figures(runs: readonly Result[]): string[] {
  const middle = (of: (run: Result) => number) => median(runs.map(of))
  return [
    middle(perSecond).toFixed(0),
    middle((run) => run.p50Ms).toFixed(1),
    middle((run) => run.p99Ms).toFixed(1),
    middle((run) => run.microsPerAct).toFixed(1),
    middle((run) => run.bytesPerAct).toFixed(0),
    `${Math.round(middle((run) => run.waited) * 100)}%`,
  ]
}

/** Whether Muster on sqlite is fast enough: by itself, or beside writing the same bytes with nothing around it. */
export function verdict(game: GameName, { sqlite = [], bare = [] }: Rounds): string {
  const rate = median(sqlite.map(perSecond))
  // Neighbours in a round had the same machine; each round is a ratio of its own.
  const ratios = sqlite.flatMap((run, round) => {
    const beside = bare[round]
    return beside ? [perSecond(beside) / perSecond(run)] : []
  })
  const isMet = rate >= ENOUGH_PER_SECOND || median(ratios) <= MOST_TIMES_SLOWER
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
  const aim = `aim >= ${ENOUGH_PER_SECOND} acts/s or bare/sqlite <= ${MOST_TIMES_SLOWER}`
  return `${game}: ${rate.toFixed(0)} acts/s, bare/sqlite ${median(ratios).toFixed(2)} (${spread}), ${aim}: ${isMet ? 'met' : 'missed'}`
}

/** What reads of leaderboards and players take from the acts beside them. */
export function besideReads({ kind, reads, players }: ReadPlan, rounds: readonly Beside[]): string {
  // The windows of a round had the same machine.
  const lost = rounds.map(({ alone, beside }) => 1 - beside / alone)
  const share = (part: number) => `${Math.round(part * 100)} %`
  const spread = `${share(Math.min(...lost))} to ${share(Math.max(...lost))}`
  const readMs = rounds.flatMap((round) => round.readMs).toSorted((a, b) => a - b)
  const quantile = (part: number) => (readMs[Math.ceil(readMs.length * part) - 1] ?? Number.NaN).toFixed(1)
  const rates = `${median(rounds.map(({ alone }) => alone)).toFixed(0)} acts/s alone, ${median(rounds.map(({ beside }) => beside)).toFixed(0)}`
  const isMet = median(lost) <= MOST_LOST_TO_READS
  return `${kind}: ${rates} beside ${reads} reads/s of ${players} players (p50 ${quantile(0.5)}, p99 ${quantile(0.99)} ms), lost ${share(median(lost))} (${spread}), aim <= ${share(MOST_LOST_TO_READS)}: ${isMet ? 'met' : 'missed'}`
}
