import type { MachineEvent } from '../../machines/match/machine-events.ts'
import type { MatchSnapshot, MatchStep } from '../../machines/match/match-step.ts'
import type { Refusal } from '../../protocol/reply.ts'
import type { MailGroup } from './mailbox.ts'

type Untimed<H> = H extends unknown ? Omit<H, 'at'> : never
/** What happens to a match, before it has its instant, which is that of its turn. */
export type Event = Untimed<MachineEvent>

/** Runs once a request is stored, with the match as the request left it. */
export type After = (snapshot: MatchSnapshot) => void | Promise<void>

/** A request that waits for its turn. */
export interface Mail {
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
export type Verdict = { refusal?: Refusal | null; step?: MatchStep; fault?: Fault }
export type Fault = { cause: unknown; event: Event | Refusal | null }

/** Steps on top of each other that are stored together, and the mails they came from. */
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
  /** Whether it rests on steps that are not stored yet. */
  isUncertain: boolean
}

export const newDraft = (snapshot: MatchSnapshot, seq: number): Draft => ({ snapshot, seq, steps: [], checked: [] })

/** A mail that changes the state of the match, or fails, is checked after everything before it is stored. */
export const standsAlone = ({ step, fault }: Verdict, { snapshot }: Draft): boolean =>
  fault !== undefined || (step !== undefined && step.snapshot.state !== snapshot.state)

/** Adds a mail and what it comes to. */
export function enter(draft: Draft, mail: Mail, { refusal = null, step, fault }: Verdict): void {
  if (step) {
    draft.steps.push(step)
    draft.snapshot = step.snapshot
    draft.seq += step.facts.length
  }
  const isUncertain = fault !== undefined || draft.steps.length > 0
  draft.checked.push({ mail, refusal, snapshot: draft.snapshot, isUncertain })
}
