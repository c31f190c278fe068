import { type ErrorCode, errors } from './errors.ts'

interface RefusalError {
  code: ErrorCode
  /** Tells a person what to do next. */
  message: string
  /** Whether the same request, unchanged, may succeed later. */
  retryable: boolean
  /** Try again no sooner than this. */
  retryAfterMs?: number
}
export type Refusal = { ok: false; error: RefusalError }
export type Accepted<T = object> = { ok: true } & T
export type Reply<T = object> = Accepted<T> | Refusal

export const accept = <T extends object>(result: T): Accepted<T> => ({ ok: true, ...result })

/** `says` replaces the catalogue's message where that would mislead; `because` adds to it. */
export function refuse(
  code: ErrorCode,
  more: { says?: string; because?: string; retryAfterMs?: number } = {},
): Refusal {
  const { retryable } = errors[code]
  const message = more.says ?? errors[code].message
  const error: RefusalError = { code, message: more.because ? `${message} (${more.because})` : message, retryable }
  if (more.retryAfterMs !== undefined) error.retryAfterMs = Math.ceil(more.retryAfterMs)
  return { ok: false, error }
}
