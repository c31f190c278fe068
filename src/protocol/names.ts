const MAX_PLAYER_GRAPHEMES = 24
const MAX_LOBBY_GRAPHEMES = 40
// A grapheme may stack any number of combining marks. The longest emoji, a family with skin tones, has 19 units.
const MAX_UNITS = 20
// Control, format (including bidi and zero-width), surrogate, private and unassigned characters, line separators, and
// invisible characters: fillers, variation selectors, the empty Braille pattern.
const UNWANTED = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A player's name in NFKC and trimmed, or null unless it has 1 to 24 visible graphemes. */
export const playerName = (given: string): string | null => shownName(given, MAX_PLAYER_GRAPHEMES)

/** The name of a lobby, likewise with 1 to 40 visible graphemes. */
export const lobbyName = (given: string): string | null => shownName(given, MAX_LOBBY_GRAPHEMES)

function shownName(given: string, maxGraphemes: number): string | null {
  // NFKC and trimming may shorten a name, hence the factor of 2.
  if (given.length > maxGraphemes * MAX_UNITS * 2) return null
  const name = given.normalize('NFKC').trim()
  if (name === '' || UNWANTED.test(withoutEmojiJoiners(name))) return null
  const shown = [...graphemes.segment(name)]
  return shown.length <= maxGraphemes && shown.every(({ segment }) => segment.length <= MAX_UNITS) ? name : null
}

/** The name of a player who gave none. */
export const guestName = (playerId: string): string => `Guest-${playerId.slice(0, 4)}`

// The flags of England, Scotland and Wales consist of invisible tags; any other use of tags could hide text.
const TAGGED_FLAG = /\p{RGI_Emoji_Tag_Sequence}/gv
// A joiner between two pictographs makes one emoji (a family, a flag), and a selector after one gives it colour. Anywhere
// else they are invisible.
const withoutEmojiJoiners = (name: string) =>
  name
    .replace(TAGGED_FLAG, '')
    .replace(/(?<=[\p{Extended_Pictographic}#*\d])\uFE0F/gu, '')
    .replace(/(?<=\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}\uFE0F]?)\u200D(?=\p{Extended_Pictographic})/gu, '')
