import { nextDeadline } from '../../machines/match/deadlines.ts'
import { RulesFault } from '../../machines/match/game.ts'
import type { MachineEvent } from '../../machines/match/machine-events.ts'
import { type MatchSnapshot, type MatchStep, type Referee, stepMatch } from '../../machines/match/match-step.ts'
import type { Cancel, Clock, Elapsed, EpochMs, Log, LoopTurns } from '../../ports.ts'
import type { MatchId } from '../../protocol/ids.ts'
import type { MatchFact } from '../../protocol/match-view.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'
import type { MatchStore } from '../match-store.ts'
import {
  type After,
  type Checked,
  type Draft,
  type Event,
  enter,
  type Fault,
  type Mail,
  newDraft,
  standsAlone,
  type Verdict,
} from './draft.ts'
import { Mailbox, type MailGroup, SLICE_MS } from './mailbox.ts'
import { type Committed, type Opening, type Position, StoredMatch, StoreFault } from './stored-match.ts'

/** The output of the runtime, always after the commit. */
export interface Listener {
  committed(stored: Committed): void | Promise<void>
  /** Another node has written this match: it is no longer ours, and nothing more is published. */
  fenced(runtime: MatchRuntime): void
}
export interface RuntimeParts {
  store: MatchStore
  /** The turns in which mails are carried out, and how long one match may hold the loop. */
  turns: LoopTurns
  elapsed: Elapsed
  /** Deadlines count only time in which the service could serve. */
  clock: Clock
  log: Log
  listener: Listener
  /** The rules of the mode, if any. */
  referee: Referee | null
  /** Runs a step of a match with rules, now or in its turn. */
  inTurn: <T>(snapshot: MatchSnapshot, run: () => T) => T | Promise<T>
  /** When each seat last sent a message on the relay. */
  heard: () => Record<number, EpochMs>
}
/** The match when a request has its turn. */
export interface Turn {
  snapshot: MatchSnapshot
  position: Position
  now: EpochMs
}
/** Called in its turn, perhaps twice: returns the event, the refusal, or null when there is nothing to do. */
export type Decide = (turn: Turn) => Event | Refusal | null

// Room for one request of each of a thousand seats and their next ones; more is a client in a loop.
const MAX_MAILS = 5_000
const RETRY_MS = 1_000

const isRefusal = (decision: Event | MatchStep | Refusal): decision is Refusal => 'ok' in decision

/** One match: every event passes one mailbox, is committed, and is then published. */
export class MatchRuntime {
  readonly id: MatchId
  readonly #parts: RuntimeParts
  readonly #mailbox: Mailbox<Mail>
  readonly #stored: StoredMatch
  #isLetGo = false
  /** Outage that is not yet added to the clocks of the match, in ms. */
  #owedMs = 0
  #cancelTimer: Cancel = () => {}

  constructor(parts: RuntimeParts, opening: Opening) {
    this.#parts = parts
    this.#stored = new StoredMatch(parts, opening)
    this.id = this.#stored.id
    const { turns, elapsed } = parts
    this.#mailbox = new Mailbox({ turns, elapsed, carryOut: (...mails) => this.#carryOut(...mails) })
  }

  get snapshot(): MatchSnapshot {
    return this.#stored.snapshot
  }
  /** The position of the log. */
  get position(): Position {
    return this.#stored.position
  }
  get isFull(): boolean {
    return this.#mailbox.size >= MAX_MAILS
  }
  get isClosed(): boolean {
    return this.#isLetGo || this.snapshot.state === 'closed'
  }

  /** Stores and publishes how the match began; mails posted before that wait. */
  async begin(facts: MatchFact[]): Promise<boolean> {
    const open = async () => ({ step: { snapshot: await this.#stored.open(), facts } })
    return (await this.#enqueue(open)) === null
  }

  /**
   * Puts a request into the mailbox. Resolves when its turn is over, with the refusal if it was refused. Rejects when the
   * store fails, and then nothing happened. Requests of one group that wait together share a turn: `after` gets the
   * match as its own step left it, and the runtime stands behind all of them.
   */
  post(decide: Decide, after: After = () => {}, group: MailGroup = null): Promise<Refusal | null> {
    return this.#enqueue((draft) => this.#check(decide, draft), after, group)
  }

  /** Adds an outage to the clocks of the match, at the latest with the next deadline. */
  addBack(outageMs: number): void {
    this.#owedMs += outageMs
    this.#passDeadline()
  }

  /** Stops the clock and the mailbox; the match stays as it was last stored. */
  letGo(): void {
    this.#isLetGo = true
    this.#cancelTimer()
  }

  #enqueue(check: Mail['check'], after: After = () => {}, group: MailGroup = null): Promise<Refusal | null> {
    return new Promise((done, failed) => {
      this.#mailbox.add({ group, check, after, done, failed })
    })
  }

  async #carryOut(first: Mail, others: Iterable<Mail>): Promise<void> {
    let draft = this.#newDraft()
    let verdict: Verdict = {}
    for (const mail of inOrder(first, others)) {
      const checking = mail.check(draft)
      // Without rules every step runs at once: a turn of the loop would cost as much as the step.
      verdict = checking instanceof Promise ? await checking : checking
      if (standsAlone(verdict, draft) && draft.steps.length > 0) {
        await this.#settle(draft, {})
        draft = this.#newDraft()
        verdict = await mail.check(draft)
      }
      const isLast = standsAlone(verdict, draft)
      enter(draft, mail, verdict)
      if (isLast) break
    }
    await this.#settle(draft, verdict)
  }

  #newDraft(): Draft {
    return newDraft(this.snapshot, this.position.seq)
  }

  #check(decide: Decide, draft: Draft): Verdict | Promise<Verdict> {
    // A request that comes too late does not happen, and gets no reply that says so.
    if (this.#isLetGo) return { refusal: refuse('UNAVAILABLE') }
    if (draft.snapshot.state === 'closed') return { refusal: refuse('MATCH_ENDED') }
    const { clock, referee } = this.#parts
    const { snapshot } = draft
    const now = clock.now()
    let event: Event | Refusal | null = null
    const failed = (cause: unknown): Verdict => ({ fault: { cause, event } })
    const checked = (step: MatchStep | Refusal | null): Verdict => {
      if (step === null || isRefusal(step)) return { refusal: step }
      return this.#isLetGo ? { refusal: refuse('UNAVAILABLE') } : { step }
    }
    try {
      const watched = this.#watched(() => {
        event = decide({ snapshot, position: { epoch: this.position.epoch, seq: draft.seq }, now })
        if (event === null || isRefusal(event)) return event
        return stepMatch(snapshot, { ...event, at: now } as MachineEvent, referee)
      })
      return watched instanceof Promise ? watched.then(checked, failed) : checked(watched)
    } catch (fault) {
      return failed(fault)
    }
  }

  // Rules that run too long are ended.
  #watched<T>(run: () => T): T | Promise<T> {
    const { referee, inTurn } = this.#parts
    return referee ? inTurn(this.snapshot, run) : run()
  }

  /** Stores and publishes the draft, then answers everyone, a few milliseconds at a time. */
  async #settle({ steps, checked }: Draft, { fault }: Verdict): Promise<void> {
    const { turns, elapsed } = this.#parts
    let outcome: Outcome
    try {
      outcome = { refusal: fault ? await this.#abort(fault) : await this.#take(steps) }
    } catch (cause) {
      outcome = await this.#failed(cause)
    }
    // A single request is the usual case, and needs no turn of the loop.
    const [only] = checked
    if (only && checked.length === 1) return this.#answer(only, outcome)
    let began = elapsed()
    for (const [n, one] of checked.entries()) {
      await this.#answer(one, outcome)
      if (n === checked.length - 1 || elapsed() - began < SLICE_MS) continue
      await new Promise<void>((goOn) => turns.later(this, goOn))
      began = elapsed()
    }
  }

  // The store failed, or the rules could not make the views.
  async #failed(cause: unknown): Promise<Outcome> {
    if (cause instanceof StoreFault) return { storeFault: cause }
    return this.#abort({ cause, event: null }).then(
      (refusal) => ({ refusal }),
      (storeFault: unknown) => ({ storeFault }),
    )
  }

  #answer({ mail, refusal, snapshot, isUncertain }: Checked, outcome: Outcome): void | Promise<void> {
    const { after, done, failed } = mail
    if (isUncertain && 'storeFault' in outcome) return failed(outcome.storeFault)
    const why = refusal ?? (isUncertain && 'refusal' in outcome ? outcome.refusal : null)
    if (why) return done(why)
    // The rules could not make the views.
    const broken = (fault: unknown) =>
      fault instanceof RulesFault ? this.#abort({ cause: fault, event: null }).then(done, failed) : failed(fault)
    try {
      const following = after(snapshot)
      return following ? following.then(() => done(null)).catch(broken) : done(null)
    } catch (fault) {
      return broken(fault)
    }
  }

  // A fault of the rules or the machine ends this match, not the process and not another match.
  async #abort({ cause, event }: Fault): Promise<Refusal> {
    const happening = event && !isRefusal(event) ? event.type : 'a request'
    const phrase = cause instanceof RulesFault ? 'rules failed, match aborted' : 'match step failed, match aborted'
    this.#parts.log.error({ match: this.id, mode: this.snapshot.context.mode.id, happening, err: cause }, phrase)
    const step = stepMatch(this.snapshot, { type: 'match.faulted', at: this.#parts.clock.now() })
    return (await this.#take([step])) ?? refuse('MATCH_ABORTED')
  }

  async #take(steps: readonly MatchStep[]): Promise<Refusal | null> {
    if (steps.length === 0) return null
    const committed = this.#stored.isChangedBy(steps) ? await this.#stored.commit(steps) : null
    if (committed === 'fenced') {
      this.letGo()
      this.#parts.listener.fenced(this)
      return refuse('UNAVAILABLE')
    }
    this.#armTimer()
    const telling = committed && this.#parts.listener.committed(committed)
    if (telling) await telling
    return null
  }

  // One timer per match, for the nearest deadline.
  #armTimer(): void {
    this.#cancelTimer()
    const deadline = nextDeadline(this.snapshot.state, this.snapshot.context)
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

/** The outcome of a draft: stored when there is no refusal. */
type Outcome = { refusal: Refusal | null } | { storeFault: unknown }

function* inOrder<T>(first: T, others: Iterable<T>): Generator<T> {
  yield first
  yield* others
}
