import type { DamagedMatch, MatchStore, PlayedMatch } from '../../src/match/match-store.ts'
import type { EpochMs } from '../../src/ports.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import { createMemoryEncounters } from '../../src/stores/memory/encounters.ts'
import { createMemoryRatings } from '../../src/stores/memory/ratings.ts'
import type { Chance } from './chance.ts'
import { packed, type Write } from './record.ts'
import type { Life, Timeline } from './timeline.ts'

interface Stored {
  epoch: number
  seq: number
  snapshot: string
  lines: string[]
}
/** When a process is to die: before its next write, after it and before anyone hears of it, or in the middle of it. */
export type CrashPoint = 'beforeWrite' | 'afterWrite' | 'tornWrite'
interface DiskParts {
  timeline: Timeline
  chance: Chance
  /** For a test of the tests: everyone may write. */
  isWithoutFencing: boolean
  /** For a test of the tests: ratings are taken as they come. */
  isCarelessWithRatings: boolean
  /** A write that was let in. */
  written: (write: Write, by: Life) => void
  /** A write that was kept out, because someone else writes the match. */
  fenced: (matchId: string, by: Life) => void
  damaged: (matchId: string) => void
  /** The crash that was asked for, of the process that wrote. */
  crash: (of: Life) => void
  /** Whether another process has taken over from this one. */
  isSuperseded: (life: Life) => boolean
}

/** What outlives the processes. Writes are answered some time after they were made; a process may die in between. */
export class Disk {
  readonly records = new Map<string, Stored>()
  /** Takes nothing, for now. */
  isFull = false
  /** Takes everything, and does not give all of it back. */
  isUnreadable = false
  crashAt: CrashPoint | null = null
  /** Records that stay because there was no room to strike them out. */
  readonly leftovers = new Set<string>()
  #lastBeat: EpochMs | null = null
  #damaged: DamagedMatch[] = []
  readonly #results: PlayedMatch[] = []
  readonly #ratings = createMemoryRatings()
  readonly #encounters = createMemoryEncounters()
  readonly #parts: DiskParts

  constructor(parts: DiskParts) {
    this.#parts = parts
  }

  /** The disk as one process has it. */
  openFor(life: Life): MatchStore {
    let freeAt = 0
    const { timeline, chance } = this.#parts
    const later = (answer: () => void) => void timeline.in(chance.between(0, 8), answer, life)

    // One write after another, each at its time and each answered later.
    const write = <T>(work: () => T, isStep = false) =>
      new Promise<T>((done, failed) => {
        freeAt = Math.max(freeAt, timeline.now()) + chance.between(0, 12)
        const turn = () => {
          if (isStep && this.#crashed('beforeWrite', life)) return
          if (this.isFull) return later(() => failed(new Error('the disk is full')))
          const answer = work()
          if (isStep && this.#crashed('afterWrite', life)) return
          later(() => done(answer))
        }
        timeline.at(freeAt, turn, life)
      })
    const read = <T>(work: () => T) =>
      new Promise<T>((done, failed) => {
        later(() => (this.isUnreadable && chance.is(0.5) ? failed(new Error('the disk cannot be read')) : done(work())))
      })

    return {
      commit: (commit) => {
        const step = packed(commit)
        return write(() => this.#commit({ ...step, at: timeline.now() + life.clockOffsetMs }, life), true)
      },
      remove: (matchId) =>
        write(() => this.#remove(matchId)).catch((fault: unknown) => {
          this.leftovers.add(matchId)
          throw fault
        }),
      tail: (matchId, seq) => read(() => this.#tail(matchId, seq)),
      load: async () => this.#load(),
      history: (playerId, limit) => read(() => this.#historyOf(playerId).slice(0, limit)),
      ratings: (mode, playerIds) => read(() => this.#ratings.of(mode, playerIds)),
      encounters: (...asked) => read(() => this.#encounters.of(...asked)),
      seedRating: (mode, playerId, rating) => write(() => this.#ratings.seed(mode, playerId, rating)),
      leaderboard: async (mode, page) => this.#ratings.leaderboard(mode, page),
      player: async (playerId) => ({ name: playerId, ratings: this.#ratings.ofPlayer(playerId) }),
      beat: async (now) => {
        if (this.isFull) throw new Error('the disk is full')
        // A former owner's life is not that of the service.
        if (!this.#parts.isSuperseded(life)) this.#lastBeat = now
      },
      lastBeat: async () => this.#lastBeat,
      lastUptime: async () => null,
      close: async () => {},
    }
  }

  #commit(write: Write, by: Life): boolean | 'outdated' {
    const { matchId, epoch, after, texts, text } = write
    const stored = this.records.get(matchId)
    const isRefused = stored ? stored.epoch > epoch || stored.seq !== after : after !== 0
    if (isRefused && !this.#parts.isWithoutFencing) {
      this.#parts.fenced(matchId, by)
      return false
    }
    // Only a directory of matches could refuse a new one of a former owner.
    if (!stored && this.#parts.isSuperseded(by)) return false
    if (write.result && !this.#ratings.areCurrent(write.result) && !this.#parts.isCarelessWithRatings) return 'outdated'
    if (this.crashAt === 'tornWrite' && stored && !this.#parts.isSuperseded(by)) {
      this.#tear(matchId, by)
      return true
    }
    const lines = [...(stored?.lines ?? []), ...texts]
    this.records.set(matchId, { epoch, seq: after + texts.length, snapshot: text, lines })
    if (write.result) {
      this.#results.push(write.result)
      this.#ratings.record(write.result)
      this.#encounters.record(write.result)
    }
    this.#parts.written(write, by)
    return true
  }

  // Most stores roll back what was half written; sometimes the record is beyond that.
  #tear(matchId: string, by: Life): void {
    if (this.#parts.chance.is(0.3)) {
      this.records.delete(matchId)
      this.#damaged.push({ matchId: matchId as MatchId, why: 'it was torn' })
      this.#parts.damaged(matchId)
    }
    this.#crashed('tornWrite', by)
  }

  #crashed(point: CrashPoint, of: Life): boolean {
    if (this.crashAt !== point || this.#parts.isSuperseded(of)) return false
    this.crashAt = null
    this.#parts.crash(of)
    return true
  }

  #remove(matchId: string): void {
    this.records.delete(matchId)
    this.leftovers.delete(matchId)
  }

  #historyOf(playerId: string): PlayedMatch[] {
    return this.#results.filter(({ players }) => players.some((one) => one.playerId === playerId)).reverse()
  }

  #tail(matchId: string, seq: number) {
    const stored = this.records.get(matchId)
    return !stored || seq > stored.seq ? null : stored.lines.slice(seq).map((line) => JSON.parse(line))
  }

  #load() {
    const matches = [...this.records].map(([matchId, { epoch, seq, snapshot }]) => ({
      matchId: matchId as MatchId,
      epoch,
      seq,
      snapshot: JSON.parse(snapshot),
    }))
    const damaged = this.#damaged
    this.#damaged = []
    return { matches, damaged }
  }
}
