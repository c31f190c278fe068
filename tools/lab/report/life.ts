import type { QueueLogLine } from '../../../src/protocol/queue-log-line.ts'
import { mean } from './statistics.ts'

/** What became of a ticket: a line of the queue's log. */
export type Life = QueueLogLine

export const isMatched = ({ reason }: Life): boolean => reason === 'matched'
export const waitMsOf = ({ queuedAt, endedAt }: Life): number => endedAt - queuedAt
export const ratingOf = ({ players }: Life): number => mean(players.map(({ mu }) => mu))

/** The tickets of each match. */
export function matchesOf(lives: readonly Life[]): Life[][] {
  const matches = Map.groupBy(lives.filter(isMatched), ({ matchId }) => matchId)
  return [...matches.values()]
}
/** The gap between the teams of a match, or null where the log does not say. */
export const gapOf = (match: readonly Life[]): number | null => match.find(({ gap }) => gap !== undefined)?.gap ?? null
