import type { LobbySummary } from '../../../protocol/events/lobbies.ts'
import type { PlayerId } from '../../../protocol/ids.ts'

/** Which lobbies a player wants to see. */
export interface Filter {
  mode?: string | undefined
  /** Part of the name; case, marks and width do not matter. */
  text?: string | undefined
  /** Only lobbies that still admit a player. */
  hasRoom?: boolean | undefined
}
/** Whether the lobbies of this host are hidden. */
export type Hides = (host: PlayerId) => boolean
/** A filter with the hosts that are hidden from the viewer. */
export interface View extends Filter {
  hides?: Hides | null
}
/** An entry of the list, with derived values that are computed once. */
export interface Listed {
  readonly summary: LobbySummary
  /** The summary as text, to detect changes. */
  readonly text: string
  readonly folded: string
}

export const listed = (summary: LobbySummary): Listed => ({
  summary,
  text: JSON.stringify(summary),
  folded: folded(summary.name),
})

/** The filter in normal form; equal filters have the same `key`. */
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

// Letters that Unicode does not decompose, and that people type without the stroke, or as two letters.
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
