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

test('[DR27] who has used more than 5 ms of late has used much, for as long as that is half forgotten', () => {
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

test('[DR27] who was once kept from the processor has not used much', () => {
  const { use, works } = useOnClock()
  works(100)
  works(100)
  expect(use.isMuch()).toBe(false)
})

test('[DR27] a little now and then is never much; a little all the time is', () => {
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
