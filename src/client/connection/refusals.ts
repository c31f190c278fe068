import type { ErrorCode } from '../../protocol/errors.ts'
import type { Refusal } from '../../protocol/reply.ts'

// Parts of the catalogue, which as a whole would be a tenth of the bundle. A test compares them with it.

/** The codes after which the same request may succeed later. */
export const RETRYABLE: ReadonlySet<string> = new Set<ErrorCode>([
  'RATE_LIMITED',
  'LOCKED',
  'SLOW_CONSUMER',
  'OVERLOADED',
  'QUEUE_PENALTY',
  'PAUSED',
  'UNAVAILABLE',
  'DRAINING',
  'INTERNAL',
])

const refusal = (code: ErrorCode, message: string): Refusal => ({
  ok: false,
  error: { code, message, retryable: RETRYABLE.has(code) },
})

/** The refusals of requests that the client does not send. */
export const tooLarge = refusal('TOO_LARGE', 'The message is too large. Send less, or split it.')
export const notInMatch = refusal('NOT_IN_MATCH', 'This connection is in no match. Send match:join first.')
export const noReply = refusal('UNAVAILABLE', 'The server did not answer. Try again in a moment.')
