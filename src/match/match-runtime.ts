import { nextDeadline } from '../machines/match/deadlines.ts'
import { RulesFault } from '../machines/match/game.ts'
import type { MatchHappening } from '../machines/match/happenings.ts'
import { type MatchSnapshot, type MatchStep, type Referee, stepMatch } from '../machines/match/match-step.ts'
import type { Cancel, Clock, EpochMs, Log } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { MatchEvent, MatchFact } from '../protocol/match-view.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'
import type { MatchStore, PlayedMatch } from './match-store.ts'
import { asOpened, playedMatch, withRatings } from './results/result.ts'

/** What the runtime lets out, always after the commit. */
export interface Listener {
  /** `lines` are the step's facts as the log has them; `before` is the match as it was. */
  committed(step: { before: MatchSnapshot; after: MatchSnapshot; lines: readonly MatchEvent[] }): void | Promise<void>
  /** Somebody else has written this match: it is no longer ours, and nothing more may be said about it. */
  fenced(runtime: MatchRuntime): void
}
export interface RuntimeParts {
  store: MatchStore
  /** Its deadlines pass in time that was served. */
  clock: Clock
  log: Log
  listener: Listener
  /** The rules of the mode, where it has some. */
  referee: Referee | null
  /** Runs a step of a match with rules, at once or in its turn. */
  inTurn: <T>(snapshot: MatchSnapshot, run: () => T) => T | Promise<T>
  /** When each seat last sent a message on the relay lane. */
  heard: () => Record<number, EpochMs>
}
type Untimed<H> = H extends unknown ? Omit<H, 'at'> : never
/** A happening before it has its instant, which is that of its turn. */
export type Event = Untimed<MatchHappening>
/** The match as it is when one's turn has come. */
export interface Turn {
  snapshot: MatchSnapshot
  position: Position
  now: EpochMs
}
export interface Position {
  epoch: number
  seq: number
}
/** Asked when its turn comes: what happens, why it may not, or null when there is nothing to say any more. */
export type Decide = (turn: Turn) => Event | Refusal | null

interface Mail {
  /** Resolves with the refusal, or null when it happened. */
  work: () => Promise<Refusal | null>
  /** Runs within the turn, after the commit: nothing else happens to the match until it is through. */
  after: () => void | Promise<void>
  done: (refusal: Refusal | null) => void
  failed: (fault: unknown) => void
}

// Requests of a few hundred players at once; more than this is somebody's loop.
const MAX_MAILS = 1_000
const RETRY_MS = 1_000
const MAX_RATING_TRIES = 10

const isRefusal = (decision: Event | MatchStep | Refusal): decision is Refusal => 'ok' in decision

/** One match: all that happens to it passes one mailbox, is committed, and only then told. */
export class MatchRuntime {
  readonly id: MatchId
  readonly #parts: RuntimeParts
  readonly #mails: Mail[] = []
  readonly #epoch: number
  #snapshot: MatchSnapshot
  #seq: number
  #isPumping = false
  #isLetGo = false
  /** Time that was lost to the service and is not yet added to the clocks of the match. */
  #owedMs = 0
  #cancelTimer: Cancel = () => {}

  constructor(parts: RuntimeParts, { snapshot, epoch, seq }: { snapshot: MatchSnapshot; epoch: number; seq: number }) {
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
  get isFull(): boolean {
    return this.#mails.length >= MAX_MAILS
  }
  get isClosed(): boolean {
    return this.#isLetGo || this.#snapshot.state === 'closed'
  }

  /** Writes and tells how the match began; what is posted meanwhile waits for it. */
  async begin(facts: MatchFact[]): Promise<boolean> {
    const open = async () => {
      const { store, clock, log } = this.#parts
      // What cannot be read now is read when the match is decided.
      this.#snapshot = await asOpened(this.#snapshot, store, clock.now()).catch((err: unknown) => {
        log.warn({ match: this.id, err }, 'whether a match is rated could not be told yet')
        return this.#snapshot
      })
      return this.#commit({ snapshot: this.#snapshot, facts })
    }
    return (await this.#enqueue(open)) === null
  }

  /**
   * Puts something into the mailbox and resolves when its turn is over, with the refusal if it was refused. Rejects when
   * the store fails, and then nothing happened.
   */
  post(decide: Decide, after: Mail['after'] = () => {}): Promise<Refusal | null> {
    return this.#enqueue(() => this.#handle(decide), after)
  }

  /** The service served nobody for so long: that is added to the clocks of the match, at the next deadline if not now. */
  addBack(outageMs: number): void {
    this.#owedMs += outageMs
    this.#passDeadline()
  }

  #enqueue(work: Mail['work'], after: Mail['after'] = () => {}): Promise<Refusal | null> {
    return new Promise((done, failed) => {
      this.#mails.push({ work, after, done, failed })
      if (!this.#isPumping) void this.#pump()
    })
  }

  /** Stops its clock and takes no more mail, with everything as it was last stored. */
  letGo(): void {
    this.#isLetGo = true
    this.#cancelTimer()
  }

  async #pump(): Promise<void> {
    this.#isPumping = true
    for (let mail = this.#mails.shift(); mail; mail = this.#mails.shift()) {
      try {
        mail.done(await this.#carryOut(mail))
      } catch (fault) {
        mail.failed(fault)
      }
    }
    this.#isPumping = false
  }

  async #carryOut({ work, after }: Mail): Promise<Refusal | null> {
    const refusal = await work()
    if (refusal !== null) return refusal
    try {
      await after()
      return null
    } catch (fault) {
      // The rules could not show what had happened.
      if (fault instanceof RulesFault) return this.#abort(fault, null, this.#parts.clock.now())
      throw fault
    }
  }

  async #handle(decide: Decide): Promise<Refusal | null> {
    // What comes too late did not happen, and is not said to have.
    if (this.#isLetGo) return refuse('UNAVAILABLE')
    if (this.isClosed) return refuse('MATCH_ENDED')
    const now = this.#parts.clock.now()
    let event: Event | Refusal | null = null
    try {
      const watched = this.#watched(() => {
        event = decide({ snapshot: this.#snapshot, position: this.position, now })
        if (event === null || isRefusal(event)) return event
        return stepMatch(this.#snapshot, { ...event, at: now } as MatchHappening, this.#parts.referee)
      })
      // Without rules nothing waits: a turn more for each step would cost as much as the step.
      const step = watched instanceof Promise ? await watched : watched
      if (step === null || isRefusal(step)) return step
      if (this.#isLetGo) return refuse('UNAVAILABLE')
      return await this.#take(step)
    } catch (fault) {
      if (isStoreFault(fault)) throw fault
      return this.#abort(fault, event, now)
    }
  }

  // Rules that never end are ended.
  #watched<T>(run: () => T): T | Promise<T> {
    const { referee, inTurn } = this.#parts
    return referee ? inTurn(this.#snapshot, run) : run()
  }

  // A fault of the rules or the machine ends this match, not the process and not another match.
  async #abort(fault: unknown, event: Event | Refusal | null, at: EpochMs): Promise<Refusal> {
    const happening = event && !isRefusal(event) ? event.type : 'a request'
    const phrase = fault instanceof RulesFault ? 'rules failed, match aborted' : 'match step failed, match aborted'
    this.#parts.log.error({ match: this.id, mode: this.#snapshot.context.mode.id, happening, err: fault }, phrase)
    return (await this.#take(stepMatch(this.#snapshot, { type: 'match.faulted', at }))) ?? refuse('MATCH_ABORTED')
  }

  // Most repetitions change nothing, and nothing is written for them.
  async #take(step: MatchStep): Promise<Refusal | null> {
    if (step.snapshot.context !== this.#snapshot.context || step.facts.length > 0) return this.#commit(step)
    this.#armTimer()
    return null
  }

  // Ratings that move while the match is judged are those of players who finished another one: it is judged anew.
  async #commit(step: MatchStep): Promise<Refusal | null> {
    const { store, clock } = this.#parts
    const at = clock.now()
    const played = playedMatch(this.#snapshot, step.snapshot, at)
    const isRated = step.snapshot.context.mode.rated
    for (let n = 0; n < MAX_RATING_TRIES; n += 1) {
      const judged = played && isRated ? await withRatings(step, played, store).catch(asStoreFault) : { step, played }
      const answer = await this.#write(judged, at)
      if (answer !== 'outdated') return answer
    }
    throw new StoreFault('ratings kept moving')
  }

  async #write(
    { step: { snapshot, facts }, played }: { step: MatchStep; played: PlayedMatch | null },
    at: EpochMs,
  ): Promise<Refusal | 'outdated' | null> {
    const { store, listener } = this.#parts
    const lines = facts.map(
      (fact, n): MatchEvent => ({ matchId: this.id, epoch: this.#epoch, seq: this.#seq + 1 + n, at, ...fact }),
    )
    const commit = {
      matchId: this.id,
      epoch: this.#epoch,
      after: this.#seq,
      snapshot,
      lines,
      ...(played && { result: played }),
    }
    const stored = await store.commit(commit).catch(asStoreFault)
    if (stored === 'outdated') return stored
    if (!stored) {
      this.letGo()
      listener.fenced(this)
      return refuse('UNAVAILABLE')
    }
    const before = this.#snapshot
    this.#snapshot = snapshot
    this.#seq += lines.length
    this.#armTimer()
    const told = listener.committed({ before, after: snapshot, lines })
    if (told) await told
    return null
  }

  // One timer per match, for the nearest deadline.
  #armTimer(): void {
    this.#cancelTimer()
    const deadline = nextDeadline(this.#snapshot.state, this.#snapshot.context)
    if (deadline !== null && !this.#isLetGo)
      this.#cancelTimer = this.#parts.clock.at(deadline, () => this.#passDeadline())
  }

  #passDeadline(): void {
    let paidMs = 0
    const decide = (): Event => {
      paidMs = this.#owedMs
      if (paidMs > 0) return { type: 'service.stalled', outageMs: paidMs }
      return { type: 'deadline.passed', heard: this.#parts.heard() }
    }
    const paid = () => {
      this.#owedMs -= paidMs
    }
    this.post(decide, paid).catch((fault: unknown) => {
      const { clock, log } = this.#parts
      log.error({ match: this.id, err: fault }, 'deadline could not be stored, trying again')
      this.#cancelTimer()
      if (!this.#isLetGo) this.#cancelTimer = clock.at(clock.now() + RETRY_MS, () => this.#passDeadline())
    })
  }
}

/** The store could not take a step, and nothing of it happened. */
class StoreFault extends Error {}
const asStoreFault = (cause: unknown): never => {
  throw new StoreFault('not stored', { cause })
}
const isStoreFault = (fault: unknown): fault is StoreFault => fault instanceof StoreFault
