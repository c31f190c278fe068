import { expect, test } from 'vitest'
import { createRateLimit, TokenBucket } from '../../src/util/rate-limit.ts'

test('a budget gives its burst at once, then refills with time', () => {
  const budget = new TokenBucket({ burst: 3, everyMs: 100 }, 0)
  expect([1, 2, 3, 4].map(() => budget.take(0))).toEqual(['ok', 'ok', 'ok', 'limited'])
  expect(budget.waitMs(0)).toBe(200)
  expect(budget.take(200)).toBe('ok')
  expect(budget.take(200)).toBe('limited')
})

test('[DR5] a bucket at minus its burst is abusive', () => {
  const budget = new TokenBucket({ burst: 3, everyMs: 100 }, 0)
  expect(Array.from({ length: 7 }, () => budget.take(0)).slice(3)).toEqual(['limited', 'limited', 'abusive', 'abusive'])
})

test('a budget never holds more than its burst', () => {
  const budget = new TokenBucket({ burst: 2, everyMs: 100 }, 0)
  expect([1, 2, 3].map(() => budget.take(3_600_000))).toEqual(['ok', 'ok', 'limited'])
})

test('a clock that is set back takes no tokens', () => {
  const budget = new TokenBucket({ burst: 3, everyMs: 100 }, 10_000)
  expect(budget.take(5_000)).toBe('ok')
  expect(budget.take(5_000)).toBe('ok')
})

test('each key has its own burst, and a refused call does not count', () => {
  let now = 0
  const limit = createRateLimit<string>({ now: () => now }, { burst: 2, everyMs: 1_000 })
  const codes = ['ann', 'ann', 'ann', 'ann', 'bob'].map((key) => limit.take(key)?.error.retryAfterMs ?? 'ok')
  expect(codes).toEqual(['ok', 'ok', 1_000, 1_000, 'ok'])
  now = 1_000
  expect([limit.take('ann'), limit.take('ann')?.error.code]).toEqual([null, 'RATE_LIMITED'])
})
