/** A promise that was broken: which one, and what was seen. */
export interface Violation {
  /** The rule of SPEC.md, then the promise in short. */
  promise: string
  seen: string
}
export type Fail = (promise: string, seen: string) => void

/** Keeps the first violation: what follows one is often only its consequence. */
export function newVerdict() {
  let first: Violation | null = null
  const fail: Fail = (promise, seen) => {
    first ??= { promise, seen }
  }
  return { fail, first: () => first }
}
