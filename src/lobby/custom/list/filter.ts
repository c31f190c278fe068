import type { LobbySummary } from '../../../protocol/events/lobbies.ts'
import type { PlayerId } from '../../../protocol/ids.ts'

/** Which lobbies someone wants to see. */
export interface Filter {
  mode?: string | undefined
  /** Looked for in the name, whatever its case, marks and width. */
  text?: string | undefined
  /** Only those that still let someone in. */
  hasRoom?: boolean | undefined
}
/** Whose lobbies somebody is not to see. */
export type Hides = (host: PlayerId) => boolean
/** With what keeps lobbies from one viewer. */
export interface View extends Filter {
  hides?: Hides | null
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
export function asFilter(
  { mode, text = '', hasRoom = false }: Filter,
  viewer: PlayerId | null = null,
  hides: Hides | null = null,
): { filter: View; key: string } {
  const filter = { mode, text: folded(text), hasRoom, hides }
  return { filter, key: JSON.stringify([mode ?? null, filter.text, hasRoom, hides && viewer]) }
}

export function admits({ mode, text, hasRoom, hides }: View, { summary, folded }: Listed): boolean {
  if (mode !== undefined && summary.mode !== mode) return false
  if (hasRoom && (summary.locked || summary.members >= summary.capacity)) return false
  if (hides?.(summary.host.playerId)) return false
  return !text || folded.includes(text)
}

// Letters that Unicode does not take apart, and that people type without the stroke, or as two.
const PLAIN: Readonly<Record<string, string>> = {
  ς: 'σ',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
}

/**
 * As people look for it: width, case and marks make no difference. Upper case spells out letters that have no other one
 * (ß, ﬁ), lower case before it finds those that are already written large (ẞ); a Σ at the end of a word is a Σ.
 */
const folded = (text: string): string =>
  bare(bare(text).toLowerCase().toUpperCase().toLowerCase())
    .replace(/[ςłøđħŧðþæœ]/g, (letter) => PLAIN[letter] ?? letter)
    .trim()

const bare = (text: string): string => text.normalize('NFKD').replace(/\p{Mn}/gu, '')
