import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import type { MatchStore, Rating } from '../../src/match/match-store.ts'
import { NEWCOMER } from '../../src/match/results/ratings.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import { newId, systemClock } from '../../src/system/system.ts'

const MATCHES_OF_A_PLAYER = 10
const AT_ONCE = 500

/** Players with all placement matches played in the mode, and more matches between them. */
export async function openRated(store: MatchStore, mode: string, snapshot: MatchSnapshot, count: number) {
  const playerIds = Array.from({ length: count }, () => newId() as PlayerId)
  const ratings = new Map<PlayerId, Rating>()

  /** Two of them have played; the result is stored. */
  async function playOne(first: number, second: number): Promise<void> {
    const matchId = newId() as MatchId
    const pair = [first % count, second % count].map((n) => playerIds[n] as PlayerId)
    const changes = pair.map((playerId) => {
      const before = ratings.get(playerId) ?? NEWCOMER
      return { playerId, before, after: { mu: before.mu + Math.random() * 100 - 50, sigma: 100 } }
    })
    for (const { playerId, after } of changes) ratings.set(playerId, after)
    const players = pair.map((playerId, seat) => ({ playerId, name: `player ${seat}`, seat, team: seat }))
    const about = { matchId, mode, endedAt: systemClock.now(), players, ratings: changes }
    const result = { ...about, outcome: 'completed' as const, placements: [[0], [1]] }
    const stored = await store.commit({ matchId, epoch: 1, after: 0, snapshot, lines: [], result })
    if (stored !== true) throw new Error('a result was not taken')
    await store.remove(matchId)
  }

  for (let round = 0; round < MATCHES_OF_A_PLAYER; round += 1)
    for (let from = 0; from < count; from += 2 * AT_ONCE) {
      const pairs = Array.from({ length: Math.min(AT_ONCE, (count - from) >> 1) }, (_, n) => from + 2 * n)
      await Promise.all(pairs.map((n) => playOne(n, n + 1)))
    }
  return { playerIds, playOne }
}
