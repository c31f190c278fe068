import type { MachineEvent } from '../../machines/match/machine-events.ts'
import type { MatchSnapshot, MatchStep } from '../../machines/match/match-step.ts'
import type { Refusal } from '../../protocol/reply.ts'
import type { MailGroup } from './mailbox.ts'

type Untimed<H> = H extends unknown ? Omit<H, 'at'> : never
/** An event of a match without its instant, which is set when the event has its turn. */
export type Event = Untimed<MachineEvent>

/** Called after a request is stored, with the match after it. */
export type After = (snapshot: MatchSnapshot) => void | Promise<void>

/** A request that waits for its turn. */
export interface Mail {
  group: MailGroup
  check: Check
  after: After
  /** Called with the refusal, or null when the event happened. */
  done: (refusal: Refusal | null) => void
  failed: (fault: unknown) => void
}
/** The step that a mail makes, computed on the draft. Changes nothing. */
type Check = (draft: Draft) => Verdict | Promise<Verdict>
/** The refusal, the step or the fault; none of them when there is nothing to do. */
export type Verdict = { refusal?: Refusal | null; step?: MatchStep; fault?: Fault }
export type Fault = { cause: unknown; event: Event | Refusal | null }

/** Steps that are stored together, and the mails that caused them. */
export interface Draft {
  snapshot: MatchSnapshot
  seq: number
  readonly steps: MatchStep[]
  readonly checked: Checked[]
}
export interface Checked {
  mail: Mail
  refusal: Refusal | null
  /** The match after this mail and all before it. */
  snapshot: MatchSnapshot
  /** Whether the draft has steps that are not stored yet. */
  isUncertain: boolean
}

export const newDraft = (snapshot: MatchSnapshot, seq: number): Draft => ({ snapshot, seq, steps: [], checked: [] })

/** A mail that changes the state of the match, or fails, is checked after everything before it is stored. */
export const standsAlone = ({ step, fault }: Verdict, { snapshot }: Draft): boolean =>
  fault !== undefined || (step !== undefined && step.snapshot.state !== snapshot.state)

/** Adds a mail and its outcome. */
export function enter(draft: Draft, mail: Mail, { refusal = null, step, fault }: Verdict): void {
  if (step) {
    draft.steps.push(step)
    draft.snapshot = step.snapshot
    draft.seq += step.facts.length
  }
  const isUncertain = fault !== undefined || draft.steps.length > 0
  draft.checked.push({ mail, refusal, snapshot: draft.snapshot, isUncertain })
}
