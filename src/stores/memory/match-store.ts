import type { MatchSnapshot } from '../../machines/match/match-step.ts'
import type { MatchStore, PlayedMatch } from '../../match/match-store.ts'
import type { EpochMs } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { MatchEvent } from '../../protocol/match-view.ts'
import type { Uptime } from '../../util/outage.ts'
import { knownPlayer } from '../stored-ratings.ts'
import { createMemoryEncounters } from './encounters.ts'
import { createMemoryRatings } from './ratings.ts'

interface Kept {
  epoch: number
  seq: number
  snapshot: MatchSnapshot
  lines: MatchEvent[]
}

// Bounds the log of a match in which a player drops and returns for hours.
const MAX_LINES = 1_000
// Enough for a page of recent matches.
const MAX_RESULTS = 20
const MAX_PLAYERS = 10_000

/** A store in memory, for development, tests, and games that can lose a match. */
export function openMemoryMatchStore(): MatchStore {
  const matches = new Map<MatchId, Kept>()
  const results = new Map<PlayerId, PlayedMatch[]>()
  const ratings = createMemoryRatings()
  const encounters = createMemoryEncounters()
  let lastBeat: { at: EpochMs; uptime: Uptime | null } | null = null

  function record(result: PlayedMatch): void {
    for (const { playerId } of result.players) {
      const played = results.get(playerId) ?? []
      results.delete(playerId)
      results.set(playerId, [result, ...played].slice(0, MAX_RESULTS))
    }
    for (const playerId of results.keys()) {
      if (results.size <= MAX_PLAYERS) break
      results.delete(playerId)
    }
  }

  const isOnRecord = ({ matchId, players }: PlayedMatch): boolean =>
    players.some(({ playerId }) => results.get(playerId)?.some((played) => played.matchId === matchId))

  return {
    async commit({ matchId, epoch, after, snapshot, lines, result }) {
      const kept = matches.get(matchId)
      if (kept ? kept.epoch > epoch || kept.seq !== after : after !== 0) return false
      const isNew = result && !isOnRecord(result)
      if (isNew && !ratings.areCurrent(result)) return 'outdated'
      const log = kept?.lines ?? []
      log.push(...lines)
      if (log.length > MAX_LINES) log.splice(0, log.length - MAX_LINES)
      matches.set(matchId, { epoch, seq: after + lines.length, snapshot, lines: log })
      if (isNew) {
        record(result)
        ratings.record(result)
        encounters.record(result)
      }
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
    async ratings(mode, playerIds) {
      return ratings.of(mode, playerIds)
    },
    async encounters(...asked) {
      return encounters.of(...asked)
    },
    async seedRating(mode, playerId, rating) {
      ratings.seed(mode, playerId, rating)
    },
    async leaderboard(mode, page) {
      return ratings.leaderboard(mode, page)
    },
    async player(playerId) {
      const [last] = results.get(playerId) ?? []
      return knownPlayer(playerId, last, ratings.ofPlayer(playerId))
    },
    async beat(now, uptime = null) {
      lastBeat = { at: now, uptime }
    },
    async lastBeat() {
      return lastBeat?.at ?? null
    },
    async lastUptime() {
      return lastBeat?.uptime ?? null
    },
    async close() {},
  }
}
