import { expect, test } from 'vitest'
import { TokenBucket } from '../../src/util/token-bucket.ts'

test('a budget gives its burst at once, then refills with time', () => {
  const budget = new TokenBucket({ burst: 3, perSecond: 10 }, 0)
  expect([1, 2, 3, 4].map(() => budget.take(0))).toEqual(['ok', 'ok', 'ok', 'limited'])
  expect(budget.retryAfterMs).toBe(200)
  expect(budget.take(200)).toBe('ok')
  expect(budget.take(200)).toBe('limited')
})

test('[DR5] a bucket at minus its burst is abusive', () => {
  const budget = new TokenBucket({ burst: 3, perSecond: 10 }, 0)
  expect(Array.from({ length: 7 }, () => budget.take(0)).slice(3)).toEqual(['limited', 'limited', 'abusive', 'abusive'])
})

test('a budget never holds more than its burst', () => {
  const budget = new TokenBucket({ burst: 2, perSecond: 10 }, 0)
  expect([1, 2, 3].map(() => budget.take(3_600_000))).toEqual(['ok', 'ok', 'limited'])
})

test('a clock that is set back takes no tokens', () => {
  const budget = new TokenBucket({ burst: 3, perSecond: 10 }, 10_000)
  expect(budget.take(5_000)).toBe('ok')
  expect(budget.take(5_000)).toBe('ok')
})
