import type { Matchmaker, MatchmakerOptions, Proposal } from '../../../src/matchmaker/api.ts'

export type Make = (options: MatchmakerOptions) => Matchmaker
export type Call = {
  [M in keyof Matchmaker]: { name: M; args: Parameters<Matchmaker[M]> }
}[keyof Matchmaker]

/** A second matchmaker that hears the same calls, or what must come to the same. */
export interface Shadow {
  matchmaker: Matchmaker
  /** What it hears of a call. */
  hears: (call: Call) => Call
  /** What it goes through before a call at that instant, or null before one that has none. */
  before?: (now: number | null) => void
  /** Makes its answer comparable with the first one's; undefined where there is nothing to compare. */
  says: (call: Call, answer: unknown, isShadow: boolean) => unknown
}

export const instantOf = ({ name, args }: Call): number | null => {
  if (name === 'reject') return args[1].now
  if (name === 'tick') return args[0]
  if (name === 'update') return args[2]
  if (name === 'addBackfill' || name === 'removeBackfill') return args[1]
  return name === 'add' || name === 'remove' || name === 'explain' || name === 'estimate' ? args[1] : null
}
export const bare = ({ id, mode, region, teams, backfill, mismatch, gap }: Proposal) => ({
  ...{ id, mode, region, backfill, mismatch, gap },
  teams: teams.map((team) => team.map((ticket) => ticket.id)),
})
export const plain = ({ name }: Call, answer: unknown): unknown => {
  // When it may do something is a bound, which may be closer for one than for another.
  if (name === 'nextAt') return undefined
  return name === 'tick' ? (answer as Proposal[]).map(bare) : answer
}
/** Sums and means of the same numbers in another order are not always the same to the last digit. */
export const rounded = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer ?? null), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(10)) : value,
  )
export const asIs = { hears: (call: Call) => call, says: plain }
