import { expect, test } from 'vitest'
import { createGuessLimit } from '../../src/lobby/guess-limit.ts'
import { newCode, typedCode } from '../../src/lobby/invite-codes.ts'
import { FakeClock } from '../support/clock.ts'
import { playerId } from '../support/openings.ts'

const [ann, bob] = [
  { playerId: playerId('ann'), address: 'a' },
  { playerId: playerId('bob'), address: 'b' },
] as const

test('after ten wrong guesses nothing is looked at until the minute is over', async () => {
  const clock = new FakeClock()
  const guessLimit = createGuessLimit(clock)
  for (let n = 0; n < 10; n++) {
    expect(guessLimit.refusalFor(ann)).toBeNull()
    guessLimit.wasWrong(ann)
    await clock.advance(1_000)
  }
  expect(guessLimit.refusalFor(ann)).toMatchObject({ error: { code: 'LOCKED', retryAfterMs: 50_000 } })
  expect(guessLimit.refusalFor(bob)).toBeNull()
  await clock.advance(49_999)
  expect(guessLimit.refusalFor(ann)).toMatchObject({ error: { retryAfterMs: 1 } })
  await clock.advance(1)
  expect(guessLimit.refusalFor(ann)).toBeNull()
  expect(guessLimit.size()).toBe(0)
  expect(clock.pending).toBe(0)
})

test('[LO4] ever new guests from one address are one guesser, and a school full of typos is not', async () => {
  const clock = new FakeClock()
  const guessLimit = createGuessLimit(clock)
  const guest = (n: number, address: string) => ({ playerId: playerId(`g${n}`), address })
  for (let n = 0; n < 30; n++) {
    expect(guessLimit.refusalFor(guest(n, 'one'))).toBeNull()
    guessLimit.wasWrong(guest(n, 'one'))
  }
  expect(guessLimit.refusalFor(guest(31, 'one'))).toMatchObject({ error: { code: 'LOCKED', retryAfterMs: 60_000 } })
  expect(guessLimit.refusalFor(guest(31, 'two'))).toBeNull()
  await clock.advance(60_000)
  expect(guessLimit.refusalFor(guest(31, 'one'))).toBeNull()
})

test('[LO4] fifty wrong passwords of one lobby are enough, from wherever they come', () => {
  const guessLimit = createGuessLimit(new FakeClock())
  const guest = (n: number) => ({ playerId: playerId(`g${n}`), address: `a${n}`, target: 'l1' })
  for (let n = 0; n < 50; n++) {
    expect(guessLimit.refusalFor(guest(n))).toBeNull()
    guessLimit.wasWrong(guest(n))
  }
  expect(guessLimit.refusalFor(guest(51))).toMatchObject({ error: { code: 'LOCKED', retryAfterMs: 600_000 } })
  expect(guessLimit.refusalFor({ ...guest(51), target: 'l2' })).toBeNull()
  expect(guessLimit.newsAt('l1', 10)).toMatchObject({ wrong: 50, lockedUntil: expect.any(Number) })
  expect(guessLimit.newsAt('l1', 10)).toBeNull()
  guessLimit.forget('l1')
  expect(guessLimit.refusalFor(guest(51))).toBeNull()
})

test('a right guess does not count', () => {
  const guessLimit = createGuessLimit(new FakeClock())
  for (let n = 0; n < 20; n++) {
    guessLimit.wasWrong(ann)
    guessLimit.wasRight(ann)
  }
  expect(guessLimit.refusalFor(ann)).toBeNull()
  expect(guessLimit.size()).toBe(0)
})

test('a process that stops forgets who guessed, and their timers', () => {
  const clock = new FakeClock()
  const guessLimit = createGuessLimit(clock)
  guessLimit.wasWrong(ann)
  guessLimit.stop()
  guessLimit.wasWrong(bob)
  expect([guessLimit.size(), clock.pending]).toEqual([0, 0])
})

test('a code has no look-alikes, uses its whole alphabet evenly, and may be typed by a person', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const seen = new Map<string, number>()
  for (const char of alphabet) {
    const code = newCode(() => char)
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{10}$/)
    seen.set(code, (seen.get(code) ?? 0) + 1)
  }
  expect([...seen.values()]).toEqual(Array(32).fill(2))
  expect(typedCode(' abcde-fgh2 3')).toBe('ABCDEFGH23')
})
