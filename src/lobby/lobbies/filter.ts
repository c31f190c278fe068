import type { LobbySummary } from '../../protocol/lobbies.ts'

/** Which lobbies someone wants to see. */
export interface Filter {
  mode?: string | undefined
  /** Looked for in the name; big and small letters are the same. */
  text?: string | undefined
  /** Only those that still let someone in. */
  hasRoom?: boolean | undefined
}
/** A lobby of the list, with what is looked at again and again made once. */
export interface Listed {
  readonly summary: LobbySummary
  /** The whole of it, to see whether anything has changed. */
  readonly text: string
  readonly folded: string
}

export const listed = (summary: LobbySummary): Listed => ({
  summary,
  text: JSON.stringify(summary),
  folded: folded(summary.name),
})

/** The filter in the one form that all equal filters share; `key` is the same for them. */
export function asFilter({ mode, text = '', hasRoom = false }: Filter): { filter: Filter; key: string } {
  const filter = { mode, text: folded(text), hasRoom }
  return { filter, key: JSON.stringify([mode ?? null, filter.text, hasRoom]) }
}

export function admits({ mode, text, hasRoom }: Filter, { summary, folded }: Listed): boolean {
  if (mode !== undefined && summary.mode !== mode) return false
  if (hasRoom && (summary.locked || summary.members >= summary.capacity)) return false
  return !text || folded.includes(text)
}

const folded = (text: string): string => text.normalize('NFKC').trim().toLowerCase()
