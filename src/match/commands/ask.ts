import type { Clock, Log } from '../../ports.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'
import type { After } from '../runtime/draft.ts'
import type { MailGroup } from '../runtime/mailbox.ts'
import type { Decide, MatchRuntime } from '../runtime/match-runtime.ts'

/** Posts a request to a match. Resolves with the refusal, if any: also when the match is busy or the store fails. */
export type Ask = (runtime: MatchRuntime, decide: Decide, after?: After, group?: MailGroup) => Promise<Refusal | null>

export const createAsk =
  (log: Log): Ask =>
  async (runtime, decide, after, group) => {
    if (runtime.isFull) return refuse('OVERLOADED')
    return runtime.post(decide, after, group).catch((fault: unknown) => {
      log.error({ match: runtime.id, err: fault }, 'request could not be carried out')
      return refuse('UNAVAILABLE')
    })
  }

const RETRY_MS = 1_000

/** Posts an event that has to happen, and repeats it while the store fails. */
export type Insist = (runtime: MatchRuntime, decide: Decide, group?: MailGroup) => void

export const createInsist = ({ clock, log }: { clock: Clock; log: Log }): Insist =>
  function insist(runtime, decide, group) {
    runtime.post(decide, undefined, group).catch((fault: unknown) => {
      log.error({ match: runtime.id, err: fault }, 'change could not be stored, trying again')
      clock.at(clock.now() + RETRY_MS, () => insist(runtime, decide, group))
    })
  }
