import type { Encounters, MatchStore, PlayedMatch } from '../../match/match-store.ts'
import { opponentsOf, ratedPlayers, type Sided } from '../../match/results/pair-limit.ts'
import type { EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'

interface Kept {
  mode: string
  endedAt: EpochMs
  players: Sided[]
}
const MAX_MATCHES = 50_000

/** The last 50,000 rated matches, and who played against whom in them. */
export function createMemoryEncounters() {
  const matches = new Set<Kept>()
  /** Each player's matches, oldest first. */
  const byPlayer = new Map<PlayerId, Kept[]>()

  function record(result: PlayedMatch): void {
    const players = ratedPlayers(result)
    if (players.length === 0) return
    const kept = { mode: result.mode, endedAt: result.endedAt, players }
    matches.add(kept)
    for (const { playerId } of players) {
      const own = byPlayer.get(playerId) ?? []
      own.push(kept)
      byPlayer.set(playerId, own)
    }
    for (const oldest of matches) {
      if (matches.size <= MAX_MATCHES) return
      forget(oldest)
    }
  }

  function forget(oldest: Kept): void {
    matches.delete(oldest)
    for (const { playerId } of oldest.players) {
      const own = byPlayer.get(playerId)
      // The oldest match is also the oldest of each of its players.
      own?.shift()
      if (own?.length === 0) byPlayer.delete(playerId)
    }
  }

  function of(...[mode, playerIds, { after, before, limit }]: Parameters<MatchStore['encounters']>): Encounters {
    const isInRange = (match: Kept) => match.mode === mode && match.endedAt > after && match.endedAt < before
    const newest = (playerId: PlayerId) => (byPlayer.get(playerId) ?? []).filter(isInRange).slice(-limit)
    return new Map(
      playerIds.map((playerId) => [
        playerId,
        opponentsOf(
          playerId,
          newest(playerId).map(({ players }) => players),
        ),
      ]),
    )
  }

  return { record, of }
}
