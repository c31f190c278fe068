/** Storage of the page. The demo also works when the browser forbids storage. */
export interface Kept {
  playerId: string
  token: string
}

interface Way extends Kept {
  leftAt: number
}
const WAY_KEY = 'muster.way-back'

/** Per device: the last name and mode, and the player of the last closed tab. */
export const device = {
  recall: (key: 'name' | 'mode'): string | null => attempt(() => localStorage.getItem(`muster.${key}`)),
  keep: (key: 'name' | 'mode', value: string) => attempt(() => localStorage.setItem(`muster.${key}`, value)),
  /** The player of the tab that was closed last. */
  recallWay(): Way | null {
    const kept: unknown = attempt(() => JSON.parse(localStorage.getItem(WAY_KEY) ?? 'null'))
    return isKept(kept) && typeof (kept as Partial<Way>).leftAt === 'number' ? (kept as Way) : null
  },
  keepWay: (way: Way) => attempt(() => localStorage.setItem(WAY_KEY, JSON.stringify(way))),
  forgetWay: () => attempt(() => localStorage.removeItem(WAY_KEY)),
}

/** Per tab: a reload keeps the player, a second tab is another player. */
export const tab = {
  recall(): Kept | null {
    const kept: unknown = attempt(() => JSON.parse(sessionStorage.getItem(KEY) ?? 'null'))
    return isKept(kept) ? kept : null
  },
  keep: (kept: Kept) => attempt(() => sessionStorage.setItem(KEY, JSON.stringify(kept))),
  forget: () => attempt(() => sessionStorage.removeItem(KEY)),
}

const KEY = 'muster.session'

function attempt<T>(access: () => T): T | null {
  try {
    return access()
  } catch {
    return null
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { playerId, token } = value as Partial<Record<keyof Kept, unknown>>
  return typeof playerId === 'string' && typeof token === 'string'
}
