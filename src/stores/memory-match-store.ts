import type { MatchSnapshot } from '../machines/match-step.ts'
import type { MatchStore } from '../match/match-store.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { MatchEvent } from '../protocol/match-view.ts'

interface Kept {
  epoch: number
  seq: number
  snapshot: MatchSnapshot
  lines: MatchEvent[]
}

// A player on a bad line may drop and return for hours; the log of one match stays bounded all the same.
const MAX_LINES = 1_000

/** Lives and dies with the process: for development, tests, and games that can lose a match. */
export function openMemoryMatchStore(): MatchStore {
  const matches = new Map<MatchId, Kept>()
  return {
    async commit({ matchId, epoch, after, snapshot, lines }) {
      const kept = matches.get(matchId)
      if (kept ? kept.epoch > epoch || kept.seq !== after : after !== 0) return false
      const log = kept?.lines ?? []
      log.push(...lines)
      if (log.length > MAX_LINES) log.splice(0, log.length - MAX_LINES)
      matches.set(matchId, { epoch, seq: after + lines.length, snapshot, lines: log })
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
  }
}
