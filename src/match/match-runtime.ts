import type { MatchHappening } from '../machines/match.machine.ts'
import { nextDeadline } from '../machines/match-context.ts'
import { type MatchSnapshot, type MatchStep, stepMatch } from '../machines/match-step.ts'
import type { Cancel, Clock, EpochMs, Log } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { MatchEvent, MatchFact } from '../protocol/match-view.ts'
import type { MatchStore } from './match-store.ts'

/** What the runtime lets out, always after the commit. */
export interface Listener {
  /** `lines` are the step's facts as the log has them; `before` is the match as it was. */
  committed(step: { before: MatchSnapshot; after: MatchSnapshot; lines: readonly MatchEvent[] }): void
  /** Somebody else has written this match: it is no longer ours, and nothing more may be said about it. */
  fenced(): void
}
export interface RuntimeParts {
  store: MatchStore
  clock: Clock
  log: Log
  listener: Listener
}
type Untimed<H> = H extends unknown ? Omit<H, 'at'> : never
/** A happening before it has its instant, which is that of its turn. */
export type Event = Untimed<MatchHappening>

interface Mail {
  /** Asked when its turn comes; null when there is nothing to say any more. */
  event: () => Event | null
  /** Runs within the turn, after the commit: nothing else happens to the match until it is through. */
  turn: () => void | Promise<void>
  done: (fault?: unknown) => void
}

// Requests of a few hundred players at once; more than this is somebody's loop.
const MAX_MAILS = 1_000
const RETRY_MS = 1_000

/** One match: all that happens to it passes one mailbox, is committed, and only then told. */
export class MatchRuntime {
  readonly id: MatchId
  readonly #parts: RuntimeParts
  readonly #mails: Mail[] = []
  readonly #epoch: number
  #snapshot: MatchSnapshot
  #seq = 0
  #isPumping = false
  #isFenced = false
  #cancelTimer: Cancel = () => {}

  constructor(parts: RuntimeParts, { snapshot, epoch }: { snapshot: MatchSnapshot; epoch: number }) {
    this.id = snapshot.context.matchId
    this.#parts = parts
    this.#snapshot = snapshot
    this.#epoch = epoch
  }

  get snapshot(): MatchSnapshot {
    return this.#snapshot
  }
  /** Where the log stands. */
  get position(): { epoch: number; seq: number } {
    return { epoch: this.#epoch, seq: this.#seq }
  }
  get isFull(): boolean {
    return this.#mails.length >= MAX_MAILS
  }
  get isClosed(): boolean {
    return this.#isFenced || this.#snapshot.state === 'closed'
  }

  /** Writes and tells how the match began. */
  begin(facts: MatchFact[]): Promise<boolean> {
    return this.#commit({ snapshot: this.#snapshot, facts })
  }

  /**
   * Puts something into the mailbox and resolves when its turn is over. Rejects when the store fails, and then nothing
   * happened.
   */
  post(event: Event | (() => Event | null), turn: Mail['turn'] = () => {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (fault?: unknown) => (fault === undefined ? resolve() : reject(fault))
      this.#mails.push({ event: typeof event === 'function' ? event : () => event, turn, done })
      if (!this.#isPumping) void this.#pump()
    })
  }

  async #pump(): Promise<void> {
    this.#isPumping = true
    for (let mail = this.#mails.shift(); mail; mail = this.#mails.shift()) {
      try {
        await this.#handle(mail.event())
        await mail.turn()
        mail.done()
      } catch (fault) {
        mail.done(fault)
      }
    }
    this.#isPumping = false
  }

  async #handle(event: Event | null): Promise<void> {
    if (event === null || this.isClosed) return
    const step = this.#stepOrAbort({ ...event, at: this.#parts.clock.now() })
    // Most repetitions change nothing, and nothing is written for them.
    if (step.snapshot.context !== this.#snapshot.context) await this.#commit(step)
  }

  // A fault of the machine ends this match, not the process and not another match.
  #stepOrAbort(happening: MatchHappening): MatchStep {
    try {
      return stepMatch(this.#snapshot, happening)
    } catch (fault) {
      this.#parts.log.error({ match: this.id, happening: happening.type, err: fault }, 'match step failed')
      return stepMatch(this.#snapshot, { type: 'match.faulted', at: happening.at })
    }
  }

  async #commit({ snapshot, facts }: MatchStep): Promise<boolean> {
    const { store, clock, listener } = this.#parts
    const at = clock.now()
    const lines = facts.map((fact, n) => this.#line(fact, this.#seq + 1 + n, at))
    const stored = await store.commit({ matchId: this.id, epoch: this.#epoch, after: this.#seq, snapshot, lines })
    if (!stored) {
      this.#isFenced = true
      this.#cancelTimer()
      listener.fenced()
      return false
    }
    const before = this.#snapshot
    this.#snapshot = snapshot
    this.#seq += lines.length
    this.#armTimer()
    listener.committed({ before, after: snapshot, lines })
    return true
  }

  #line(fact: MatchFact, seq: number, at: EpochMs): MatchEvent {
    return { matchId: this.id, epoch: this.#epoch, seq, at, ...fact }
  }

  // One timer per match, for the nearest deadline.
  #armTimer(): void {
    this.#cancelTimer()
    const deadline = nextDeadline(this.#snapshot.context)
    if (deadline !== null) this.#cancelTimer = this.#parts.clock.at(deadline, () => this.#passDeadline())
  }

  #passDeadline(): void {
    this.post({ type: 'deadline.passed' }).catch((fault: unknown) => {
      const { clock, log } = this.#parts
      log.error({ match: this.id, err: fault }, 'deadline could not be stored, trying again')
      this.#cancelTimer = clock.at(clock.now() + RETRY_MS, () => this.#passDeadline())
    })
  }
}
