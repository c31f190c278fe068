import type { MatchSnapshot, MatchStep } from '../../machines/match/match-step.ts'
import type { Clock, EpochMs, Log } from '../../ports.ts'
import type { MatchId } from '../../protocol/ids.ts'
import type { MatchEvent, MatchFact } from '../../protocol/match-view.ts'
import type { MatchStore, PlayedMatch } from '../match-store.ts'
import { asOpened, playedMatch, withRatings } from '../results/result.ts'

/** A step for publishing: its facts as lines of the log, and the match after it. */
export interface ToldStep {
  snapshot: MatchSnapshot
  lines: readonly MatchEvent[]
}
/** Steps that were stored together, with all their lines; `before` is the match before them. */
export interface Committed {
  before: MatchSnapshot
  after: MatchSnapshot
  lines: readonly MatchEvent[]
  steps: readonly ToldStep[]
}
export interface Position {
  epoch: number
  seq: number
}
/** The match as it was last stored, and its owner. */
export interface Opening extends Position {
  snapshot: MatchSnapshot
}
interface StoredMatchParts {
  store: MatchStore
  clock: Pick<Clock, 'now'>
  log: Log
}
const MAX_RATING_TRIES = 10

/** The store failed; nothing of the step happened. */
export class StoreFault extends Error {}
const asStoreFault = (cause: unknown): never => {
  throw new StoreFault('not stored', { cause })
}

/** A stored match: its snapshot and the position of its log. Only commits change it. */
export class StoredMatch {
  readonly id: MatchId
  readonly #parts: StoredMatchParts
  readonly #epoch: number
  #snapshot: MatchSnapshot
  #seq: number

  constructor(parts: StoredMatchParts, { snapshot, epoch, seq }: Opening) {
    this.id = snapshot.context.matchId
    this.#parts = parts
    this.#snapshot = snapshot
    this.#epoch = epoch
    this.#seq = seq
  }

  get snapshot(): MatchSnapshot {
    return this.#snapshot
  }
  /** Where the log stands. */
  get position(): Position {
    return { epoch: this.#epoch, seq: this.#seq }
  }

  /** Says whether the match is rated, before it is stored for the first time. */
  async open(): Promise<MatchSnapshot> {
    const { store, clock, log } = this.#parts
    // A rating that cannot be read now is read when the match is decided.
    this.#snapshot = await asOpened(this.#snapshot, store, clock.now()).catch((err: unknown) => {
      log.warn({ match: this.id, err }, 'whether a match is rated could not be told yet')
      return this.#snapshot
    })
    return this.#snapshot
  }

  /** Most repetitions change nothing, so nothing is written. */
  isChangedBy(steps: readonly MatchStep[]): boolean {
    const last = steps.at(-1)
    return last?.snapshot.context !== this.#snapshot.context || steps.some(({ facts }) => facts.length > 0)
  }

  /**
   * Stores the steps, with the result and the ratings if the last one decides the match. `fenced` when another node has
   * written the match. Rejects with a `StoreFault`; then nothing happened.
   */
  async commit(steps: readonly MatchStep[]): Promise<Committed | 'fenced'> {
    const { store, clock } = this.#parts
    const last = steps.at(-1) as MatchStep
    const at = clock.now()
    const played = playedMatch(this.#snapshot, last.snapshot, at)
    const isRated = last.snapshot.context.mode.rated
    // Ratings changed in between by another match of these players: computes the changes again.
    for (let n = 0; n < MAX_RATING_TRIES; n += 1) {
      // The step that decides a match stands alone.
      const rated = played && isRated ? await withRatings(last, played, store).catch(asStoreFault) : null
      const answer = await this.#write(rated ? [rated.step] : steps, rated?.played ?? played, at)
      if (answer !== 'outdated') return answer
    }
    throw new StoreFault('ratings kept moving')
  }

  async #write(
    steps: readonly MatchStep[],
    result: PlayedMatch | null,
    at: EpochMs,
  ): Promise<Committed | 'outdated' | 'fenced'> {
    const { snapshot } = steps.at(-1) as MatchStep
    const told = this.#numbered(steps, at)
    const lines = told.flatMap((step) => step.lines)
    const about = { matchId: this.id, epoch: this.#epoch, after: this.#seq }
    const commit = { ...about, snapshot, lines, ...(result && { result }) }
    const stored = await this.#parts.store.commit(commit).catch(asStoreFault)
    if (stored === 'outdated') return stored
    if (!stored) return 'fenced'
    const before = this.#snapshot
    this.#snapshot = snapshot
    this.#seq += lines.length
    return { before, after: snapshot, lines, steps: told }
  }

  #numbered(steps: readonly MatchStep[], at: EpochMs): ToldStep[] {
    let seq = this.#seq
    const line = (fact: MatchFact): MatchEvent => ({ matchId: this.id, epoch: this.#epoch, seq: ++seq, at, ...fact })
    return steps.map(({ snapshot, facts }) => ({ snapshot, lines: facts.map(line) }))
  }
}
