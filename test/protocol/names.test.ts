import fc from 'fast-check'
import { expect, test } from 'vitest'
import { playerName } from '../../src/protocol/names.ts'

const FAMILY = '👨🏽‍👩🏽‍👧🏽‍👦🏽'
const ENGLAND = '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'

test.each([
  ['Ann', 'Ann'],
  ['  Ann \n', 'Ann'],
  ['Ｆｕｌｌ', 'Full'],
  ['e\u0301', 'é'],
  ['名前', '名前'],
  ['<b>Ann</b>', '<b>Ann</b>'],
  ['👩‍👩‍👧‍👦 Family', '👩‍👩‍👧‍👦 Family'],
  ['👩🏽‍🚀', '👩🏽‍🚀'],
  ['❤️ 1️⃣', '❤️ 1️⃣'],
  ['x'.repeat(24), 'x'.repeat(24)],
  ['😀'.repeat(24), '😀'.repeat(24)],
  [FAMILY.repeat(24), FAMILY.repeat(24)],
  [`${ENGLAND} Ann`, `${ENGLAND} Ann`],
])('[SE1] %j is shown as %j', (given, shown) => expect(playerName(given)).toBe(shown))

test.each([
  '',
  ' ',
  '\u3000',
  'x'.repeat(25),
  'a\u0000b',
  'a\tb',
  '\u202Eabc',
  '\u2066abc',
  'a\u200Bb',
  'a\u200Db',
  '\uFEFF',
  '\u00AD',
  '\u3164',
  '\u115F\u1160',
  '\u2800',
  '\uFE0F',
  'B\u034Fob',
  'a\u{E0100}b',
  '\uD800',
  '\uE000',
  '\u2028',
  'a\u001b[0m',
  'e'.padEnd(30, '\u0301'),
  'x'.repeat(100_000),
  '🏴\u{E0068}\u{E0069}\u{E0064}\u{E007F}',
  'a\u{E0067}',
])('[SE1] %j is not a name', (given) => expect(playerName(given)).toBeNull())

test('[SE1] a name that was accepted is accepted again, unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (given) => {
      const name = playerName(given)
      if (name !== null) expect(playerName(name)).toBe(name)
    }),
    { numRuns: 2_000 },
  )
})
