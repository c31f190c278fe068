import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/system/system.ts'

afterEach(() => void vi.useRealTimers())

test.each([-3_600_000, 86_400_000])('[ST47] moving the wall clock by %i ms does not move the service’s clock', (ms) => {
  const before = systemClock.now()
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + ms)
  expect(Math.abs(systemClock.now() - before)).toBeLessThan(60_000)
})
