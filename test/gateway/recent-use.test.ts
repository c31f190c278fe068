import { expect, test } from 'vitest'
import { RecentUse } from '../../src/gateway/connection/recent-use.ts'

function useOnClock() {
  let now = 0
  const use = new RecentUse(() => now)
  const pass = (ms: number) => {
    now += ms
  }
  return { use, pass, works: (ms: number) => use.count(() => pass(ms)) }
}

test('[DR27] use of more than 5 ms is much until it has decayed', () => {
  const { use, pass, works } = useOnClock()
  expect(use.isMuch()).toBe(false)
  for (let n = 0; n < 5; n++) works(1)
  expect(use.isMuch()).toBe(false)
  for (let n = 0; n < 4; n++) works(1)
  expect(use.isMuch()).toBe(true)
  pass(300)
  expect(use.isMuch()).toBe(true)
  pass(200)
  expect(use.isMuch()).toBe(false)
})

test('[DR27] one job that waited for the processor is not much', () => {
  const { use, works } = useOnClock()
  works(100)
  works(100)
  expect(use.isMuch()).toBe(false)
})

test('[DR27] rare short jobs are never much; constant ones are', () => {
  const { use, pass, works } = useOnClock()
  for (let n = 0; n < 100; n++) {
    works(0.05)
    pass(33)
    expect(use.isMuch()).toBe(false)
  }
  for (let n = 0; n < 100; n++) {
    works(0.5)
    pass(33)
  }
  expect(use.isMuch()).toBe(true)
})
