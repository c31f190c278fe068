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
/** When a process dies: before its next write, after it but before the reply, or during it. */
export type CrashPoint = 'beforeWrite' | 'afterWrite' | 'tornWrite'
interface DiskParts {
  timeline: Timeline
  chance: Chance
  /** Sabotage: every process may write. */
  isWithoutFencing: boolean
  /** Sabotage: ratings are stored unchecked. */
  isCarelessWithRatings: boolean
  /** An accepted write. */
  written: (write: Write, by: Life) => void
  /** A refused write, because another process owns the match. */
  fenced: (matchId: string, by: Life) => void
  damaged: (matchId: string) => void
  /** The requested crash of the writing process. */
  crash: (of: Life) => void
  /** Whether another process has taken over from this one. */
  isSuperseded: (life: Life) => boolean
}

/** The disk, which outlives the processes. A write is answered some time later; the process may die in between. */
export class Disk {
  readonly records = new Map<string, Stored>()
  /** Refuses all writes for now. */
  isFull = false
  /** Accepts writes, and damages some records. */
  isUnreadable = false
  crashAt: CrashPoint | null = null
  /** Records that remain because a full disk cannot delete them. */
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

  /** The disk as one process sees it. */
  openFor(life: Life): MatchStore {
    let freeAt = 0
    const { timeline, chance } = this.#parts
    const later = (answer: () => void) => void timeline.in(chance.between(0, 8), answer, life)

    // Writes one after another, each at its instant and answered later.
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
        // Signs of life of a former owner do not count for the service.
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
    // The disk cannot refuse a new match of a former owner.
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

  // Most stores roll back a torn write; sometimes the record is lost.
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
