/** A broken promise, and the observation that shows it. */
export interface Violation {
  /** The rule of SPEC.md, then the promise in short. */
  promise: string
  seen: string
}
export type Fail = (promise: string, seen: string) => void

/** Keeps the first violation: later ones are often its consequence. */
export function newVerdict() {
  let first: Violation | null = null
  const fail: Fail = (promise, seen) => {
    first ??= { promise, seen }
  }
  return { fail, first: () => first }
}
