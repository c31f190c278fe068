import type { MatchSnapshot } from '../machines/match-step.ts'
import type { MatchStore, PlayedMatch } from '../match/match-store.ts'
import type { EpochMs } from '../ports.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { MatchEvent } from '../protocol/match-view.ts'

interface Kept {
  epoch: number
  seq: number
  snapshot: MatchSnapshot
  lines: MatchEvent[]
}

// A player on a bad line may drop and return for hours; the log of one match stays bounded all the same.
const MAX_LINES = 1_000
// Enough for a page of last matches; a history for good wants a store that outlives the process.
const MAX_RESULTS = 20
const MAX_PLAYERS = 10_000

/** Lives and dies with the process: for development, tests, and games that can lose a match. */
export function openMemoryMatchStore(): MatchStore {
  const matches = new Map<MatchId, Kept>()
  const results = new Map<PlayerId, PlayedMatch[]>()
  let beatAt: EpochMs | null = null

  function record(result: PlayedMatch): void {
    for (const { playerId } of result.players) {
      const played = results.get(playerId) ?? []
      if (played.some(({ matchId }) => matchId === result.matchId)) continue
      results.delete(playerId)
      results.set(playerId, [result, ...played].slice(0, MAX_RESULTS))
    }
    for (const playerId of results.keys()) if (results.size > MAX_PLAYERS) results.delete(playerId)
  }

  return {
    async commit({ matchId, epoch, after, snapshot, lines, result }) {
      const kept = matches.get(matchId)
      if (kept ? kept.epoch > epoch || kept.seq !== after : after !== 0) return false
      const log = kept?.lines ?? []
      log.push(...lines)
      if (log.length > MAX_LINES) log.splice(0, log.length - MAX_LINES)
      matches.set(matchId, { epoch, seq: after + lines.length, snapshot, lines: log })
      if (result) record(result)
      return true
    },
    async tail(matchId, seq) {
      const kept = matches.get(matchId)
      if (!kept || seq > kept.seq) return null
      const oldest = kept.lines[0]?.seq ?? kept.seq + 1
      return seq + 1 < oldest ? null : kept.lines.filter((line) => line.seq > seq)
    },
    async remove(matchId) {
      matches.delete(matchId)
    },
    async load() {
      const records = [...matches].map(([matchId, { epoch, seq, snapshot }]) => ({ matchId, epoch, seq, snapshot }))
      return { matches: records, damaged: [] }
    },
    async history(playerId, limit) {
      return (results.get(playerId) ?? []).slice(0, limit)
    },
    async beat(now) {
      beatAt = now
    },
    async lastBeat() {
      return beatAt
    },
    async close() {},
  }
}
