import type { Mode } from './modes.ts'

const MANY_SEATS = 6
const SHORT_JOIN_MS = 5_000

/** Settings of a mode that are allowed but rarely meant, one sentence each. */
export function doubtsOf(mode: Mode, regions: readonly string[]): string[] {
  const { rules, matchmaking, maxSeats, minSeats } = mode
  const doubts: [isDoubtful: boolean, sentence: string][] = [
    [
      rules !== undefined && rules.deadline === undefined && mode.idleMs === 0,
      `rules without deadline, and idleMs is 0: a player who stops playing holds up the match until maxMs (${mode.maxMs} ms)`,
    ],
    [
      rules !== undefined && rules.tell === undefined,
      'rules without tell: everyone hears the data of every action, hidden moves too',
    ],
    [
      mode.teamCount !== null && maxSeats >= MANY_SEATS && mode.readyCheckMs === 0,
      `${maxSeats} seats without a ready check: one absent player cancels the match for everyone; set readyCheckMs`,
    ],
    [mode.joinMs < SHORT_JOIN_MS, `joinMs ${mode.joinMs}: a slow phone may need longer to join a match`],
    [mode.graceMs >= mode.maxMs, 'graceMs is not below maxMs: a player may be away for the whole match'],
    [
      matchmaking.maxLatencyMs !== undefined && regions.length === 0,
      'maxLatencyMs has no effect: the config names no regions',
    ],
    [
      mode.lateJoin && minSeats === maxSeats && mode.rated,
      'lateJoin in a rated mode: whoever joins late shares the result',
    ],
    [maxSeats === 1, 'a match for one player starts at once and waits for nobody'],
  ]
  return doubts.flatMap(([isDoubtful, sentence]) => (isDoubtful ? [sentence] : []))
}
