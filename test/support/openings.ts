import { type ModeConfig, mode } from '../../src/config/modes.ts'
import type { MatchInput } from '../../src/machines/match/match-context.ts'
import { openMatch } from '../../src/machines/match/match-step.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'

export const playerId = (name: string) => name as PlayerId

/** The input for opening a match for these players at the instant 0. */
export const opening = (matchId = 'm1', names = ['ann', 'bob'], change: Partial<ModeConfig> = {}): MatchInput => ({
  matchId: matchId as MatchId,
  mode: mode.parse({ id: 'duel', teams: { count: names.length, size: 1 }, ...change }),
  players: names.map((name) => ({ playerId: playerId(name), name, queuedAt: 0 })),
  at: 0,
})

export const openedMatch = (...of: Parameters<typeof opening>) => openMatch(opening(...of))
