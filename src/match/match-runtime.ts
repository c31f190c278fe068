import { nextDeadline } from '../machines/match/deadlines.ts'
import { RulesFault } from '../machines/match/game.ts'
import type { MatchHappening } from '../machines/match/happenings.ts'
import { type MatchSnapshot, type MatchStep, type Referee, stepMatch } from '../machines/match/match-step.ts'
import type { Cancel, Clock, Elapsed, EpochMs, Log, LoopTurns } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { MatchEvent, MatchFact } from '../protocol/match-view.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'
import { Mailbox, type MailGroup, SLICE_MS } from './mailbox.ts'
import type { MatchStore, PlayedMatch } from './match-store.ts'
import { asOpened, playedMatch, withRatings } from './results/result.ts'

/** A step as it is told: what became true, as the log has it, and the match as it was then. */
export interface ToldStep {
  snapshot: MatchSnapshot
  lines: readonly MatchEvent[]
}
/** Steps that were stored together, and all their lines; `before` is the match as it was. */
export interface Committed {
  before: MatchSnapshot
  after: MatchSnapshot
  lines: readonly MatchEvent[]
  steps: readonly ToldStep[]
}
/** What the runtime lets out, always after the commit. */
export interface Listener {
  committed(stored: Committed): void | Promise<void>
  /** Somebody else has written this match: it is no longer ours, and nothing more may be said about it. */
  fenced(runtime: MatchRuntime): void
}
export interface RuntimeParts {
  store: MatchStore
  /** In which mails are carried out, and how long one match may hold the loop. */
  turns: LoopTurns
  elapsed: Elapsed
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
/**
 * Asked when its turn comes, perhaps twice: what happens, why it may not, or null when there is nothing to say any more.
 */
export type Decide = (turn: Turn) => Event | Refusal | null

/** What is to be done once it is stored, with the match as the happening left it. */
export type After = (snapshot: MatchSnapshot) => void | Promise<void>

interface Mail {
  group: MailGroup
  check: Check
  after: After
  /** With the refusal, or null when it happened. */
  done: (refusal: Refusal | null) => void
  failed: (fault: unknown) => void
}
/** What a mail makes of the match as it would be by then. Changes nothing. */
type Check = (draft: Draft) => Verdict | Promise<Verdict>
/** Why it may not happen, what goes on if it does, or what was thrown; none of them when there is nothing to say. */
type Verdict = { refusal?: Refusal | null; step?: MatchStep; fault?: Fault }
type Fault = { cause: unknown; event: Event | Refusal | null }

/** Steps on top of each other that are stored together, and the mails they came from. */
interface Draft {
  snapshot: MatchSnapshot
  seq: number
  readonly steps: MatchStep[]
  readonly judged: Judged[]
}
interface Judged {
  mail: Mail
  refusal: Refusal | null
  /** The match after this mail and all before it. */
  snapshot: MatchSnapshot
  /** Whether it rests on steps that are not stored yet. */
  isUncertain: boolean
}
interface Opening {
  snapshot: MatchSnapshot
  epoch: number
  seq: number
}

// All of a thousand seats at once, and what they ask next; more than this is somebody's loop.
const MAX_MAILS = 5_000
const RETRY_MS = 1_000
const MAX_RATING_TRIES = 10

const isRefusal = (decision: Event | MatchStep | Refusal): decision is Refusal => 'ok' in decision

/** One match: all that happens to it passes one mailbox, is committed, and only then told. */
export class MatchRuntime {
  readonly id: MatchId
  readonly #parts: RuntimeParts
  readonly #mailbox: Mailbox<Mail>
  readonly #epoch: number
  #snapshot: MatchSnapshot
  #seq: number
  #isLetGo = false
  /** Time that was lost to the service and is not yet added to the clocks of the match. */
  #owedMs = 0
  #cancelTimer: Cancel = () => {}

  constructor(parts: RuntimeParts, { snapshot, epoch, seq }: Opening) {
    this.id = snapshot.context.matchId
    this.#parts = parts
    const { turns, elapsed } = parts
    this.#mailbox = new Mailbox({ turns, elapsed, carryOut: (...mails) => this.#carryOut(...mails) })
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
    return this.#mailbox.size >= MAX_MAILS
  }
  get isClosed(): boolean {
    return this.#isLetGo || this.#snapshot.state === 'closed'
  }

  /** Writes and tells how the match began; what is posted meanwhile waits for it. */
  async begin(facts: MatchFact[]): Promise<boolean> {
    const open = async () => {
      const { store, clock, log } = this.#parts
      // What cannot be read now is read when the match is decided.
      const snapshot = await asOpened(this.#snapshot, store, clock.now()).catch((err: unknown) => {
        log.warn({ match: this.id, err }, 'whether a match is rated could not be told yet')
        return this.#snapshot
      })
      this.#snapshot = snapshot
      return { step: { snapshot, facts } }
    }
    return (await this.#enqueue(open)) === null
  }

  /**
   * Puts something into the mailbox and resolves when its turn is over, with the refusal if it was refused. Rejects when
   * the store fails, and then nothing happened. Mails of one group that wait together share a turn: `after` gets the
   * match as its own step left it, and the runtime stands behind all of them.
   */
  post(decide: Decide, after: After = () => {}, group: MailGroup = null): Promise<Refusal | null> {
    return this.#enqueue((draft) => this.#judge(decide, draft), after, group)
  }

  /** The service served nobody for so long: that is added to the clocks of the match, at the next deadline if not now. */
  addBack(outageMs: number): void {
    this.#owedMs += outageMs
    this.#passDeadline()
  }

  #enqueue(check: Check, after: After = () => {}, group: MailGroup = null): Promise<Refusal | null> {
    return new Promise((done, failed) => {
      this.#mailbox.add({ group, check, after, done, failed })
    })
  }

  /** Stops its clock and takes no more mail, with everything as it was last stored. */
  letGo(): void {
    this.#isLetGo = true
    this.#cancelTimer()
  }

  // What changes the state of the match, and what goes wrong, is judged with everything before it stored.
  async #carryOut(first: Mail, others: Iterable<Mail>): Promise<void> {
    let draft = this.#newDraft()
    let verdict: Verdict = {}
    for (const mail of inOrder(first, others)) {
      const judging = mail.check(draft)
      // Without rules nothing waits: a turn more for each step would cost as much as the step.
      verdict = judging instanceof Promise ? await judging : judging
      if (isForItself(verdict, draft) && draft.steps.length > 0) {
        await this.#settle(draft, {})
        draft = this.#newDraft()
        verdict = await mail.check(draft)
      }
      const isLast = isForItself(verdict, draft)
      enter(draft, mail, verdict)
      if (isLast) break
    }
    await this.#settle(draft, verdict)
  }

  #newDraft(): Draft {
    return { snapshot: this.#snapshot, seq: this.#seq, steps: [], judged: [] }
  }

  #judge(decide: Decide, draft: Draft): Verdict | Promise<Verdict> {
    // What comes too late did not happen, and is not said to have.
    if (this.#isLetGo) return { refusal: refuse('UNAVAILABLE') }
    if (draft.snapshot.state === 'closed') return { refusal: refuse('MATCH_ENDED') }
    const { clock, referee } = this.#parts
    const { snapshot } = draft
    const now = clock.now()
    let event: Event | Refusal | null = null
    const failed = (cause: unknown): Verdict => ({ fault: { cause, event } })
    const judged = (step: MatchStep | Refusal | null): Verdict => {
      if (step === null || isRefusal(step)) return { refusal: step }
      return this.#isLetGo ? { refusal: refuse('UNAVAILABLE') } : { step }
    }
    try {
      const watched = this.#watched(() => {
        event = decide({ snapshot, position: { epoch: this.#epoch, seq: draft.seq }, now })
        if (event === null || isRefusal(event)) return event
        return stepMatch(snapshot, { ...event, at: now } as MatchHappening, referee)
      })
      return watched instanceof Promise ? watched.then(judged, failed) : judged(watched)
    } catch (fault) {
      return failed(fault)
    }
  }

  // Rules that never end are ended.
  #watched<T>(run: () => T): T | Promise<T> {
    const { referee, inTurn } = this.#parts
    return referee ? inTurn(this.#snapshot, run) : run()
  }

  /** Stores and tells what was drafted, then answers everyone, a few milliseconds at a time. */
  async #settle({ steps, judged }: Draft, { fault }: Verdict): Promise<void> {
    const { turns, elapsed } = this.#parts
    let stored: Stored
    try {
      stored = { refusal: fault ? await this.#abort(fault) : await this.#take(steps) }
    } catch (cause) {
      stored = await this.#failed(cause)
    }
    let began = elapsed()
    for (const [n, one] of judged.entries()) {
      await this.#answer(one, stored)
      if (n === judged.length - 1 || elapsed() - began < SLICE_MS) continue
      await new Promise<void>((goOn) => turns.later(this, goOn))
      began = elapsed()
    }
  }

  // The store took nothing, or the rules could not show what had happened.
  async #failed(cause: unknown): Promise<Stored> {
    if (cause instanceof StoreFault) return { storeFault: cause }
    return this.#abort({ cause, event: null }).then(
      (refusal) => ({ refusal }),
      (storeFault: unknown) => ({ storeFault }),
    )
  }

  async #answer({ mail, refusal, snapshot, isUncertain }: Judged, stored: Stored): Promise<void> {
    const { after, done, failed } = mail
    if (isUncertain && 'storeFault' in stored) return failed(stored.storeFault)
    const why = refusal ?? (isUncertain && 'refusal' in stored ? stored.refusal : null)
    if (why) return done(why)
    try {
      await after(snapshot)
      done(null)
    } catch (fault) {
      // The rules could not show what had happened.
      if (!(fault instanceof RulesFault)) return failed(fault)
      await this.#abort({ cause: fault, event: null }).then(done, failed)
    }
  }

  // A fault of the rules or the machine ends this match, not the process and not another match.
  async #abort({ cause, event }: Fault): Promise<Refusal> {
    const happening = event && !isRefusal(event) ? event.type : 'a request'
    const phrase = cause instanceof RulesFault ? 'rules failed, match aborted' : 'match step failed, match aborted'
    this.#parts.log.error({ match: this.id, mode: this.#snapshot.context.mode.id, happening, err: cause }, phrase)
    const step = stepMatch(this.#snapshot, { type: 'match.faulted', at: this.#parts.clock.now() })
    return (await this.#take([step])) ?? refuse('MATCH_ABORTED')
  }

  // Most repetitions change nothing, and nothing is written for them.
  async #take(steps: readonly MatchStep[]): Promise<Refusal | null> {
    const last = steps.at(-1)
    if (!last) return null
    if (last.snapshot.context !== this.#snapshot.context || steps.some(({ facts }) => facts.length > 0))
      return this.#commit(steps, last)
    this.#armTimer()
    return null
  }

  // Ratings that move while the match is judged are those of players who finished another one: it is judged anew.
  async #commit(steps: readonly MatchStep[], last: MatchStep): Promise<Refusal | null> {
    const { store, clock } = this.#parts
    const at = clock.now()
    const played = playedMatch(this.#snapshot, last.snapshot, at)
    const isRated = last.snapshot.context.mode.rated
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
  ): Promise<Refusal | 'outdated' | null> {
    const { store, listener } = this.#parts
    const snapshot = (steps.at(-1) as MatchStep).snapshot
    let seq = this.#seq
    const numbered = (fact: MatchFact): MatchEvent => ({
      matchId: this.id,
      epoch: this.#epoch,
      seq: ++seq,
      at,
      ...fact,
    })
    const told = steps.map((step) => ({ snapshot: step.snapshot, lines: step.facts.map(numbered) }))
    const lines = told.flatMap((step) => step.lines)
    const commit = {
      matchId: this.id,
      epoch: this.#epoch,
      after: this.#seq,
      snapshot,
      lines,
      ...(result && { result }),
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
    const telling = listener.committed({ before, after: snapshot, lines, steps: told })
    if (telling) await telling
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

/** What became of a draft: stored when there is no refusal. */
type Stored = { refusal: Refusal | null } | { storeFault: unknown }

function* inOrder<T>(first: T, others: Iterable<T>): Generator<T> {
  yield first
  yield* others
}

const isForItself = ({ step, fault }: Verdict, { snapshot }: Draft): boolean =>
  fault !== undefined || (step !== undefined && step.snapshot.state !== snapshot.state)

function enter(draft: Draft, mail: Mail, { refusal = null, step, fault }: Verdict): void {
  if (step) {
    draft.steps.push(step)
    draft.snapshot = step.snapshot
    draft.seq += step.facts.length
  }
  draft.judged.push({
    mail,
    refusal,
    snapshot: draft.snapshot,
    isUncertain: fault !== undefined || draft.steps.length > 0,
  })
}

/** The store could not take a step, and nothing of it happened. */
class StoreFault extends Error {}
const asStoreFault = (cause: unknown): never => {
  throw new StoreFault('not stored', { cause })
}
