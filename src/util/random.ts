/** A seeded random generator whose state is one integer, which a snapshot can store. */
export interface Dice {
  /** Between 0 and 1, 1 excluded. */
  next(): number
  readonly state: number
}

/** mulberry32 (Tommy Ettinger, 2017, public domain): 32 bits of state; fair enough for games, not for secrets. */
export function dice(seed: number): Dice {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let t = state
      t = Math.imul(t ^ (t >>> 15), t | 1)
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
    },
    get state() {
      return state
    },
  }
}

/** A seed from a match's id: FNV-1a, 32 bits. */
export function seedOf(id: string): number {
  let hash = 0x811c9dc5
  for (let n = 0; n < id.length; n++) hash = Math.imul(hash ^ id.charCodeAt(n), 0x01000193)
  return hash >>> 0
}

/** A short digest that tells texts of one player apart; not for secrets. */
export const digestOf = (text: string): string => `${text.length}-${seedOf(text)}-${seedOf(`${text.length}${text}`)}`
