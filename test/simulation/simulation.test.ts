import { expect, test } from 'vitest'
import { addCount, newCount } from './count.ts'
import { simulate } from './simulation.ts'

const SEEDS = 300

test('[MT1] [MT11] [MT12] [MT13] [MT16] [MT18] [DL1] [DL2] [RE3] [ST1] [ST2] [CL1] promises hold in worlds where processes fail', async () => {
  const total = newCount()
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violation, count } = await simulate({ seed })
    expect(violation, `replay it: npm run simulate -- --seed ${seed}`).toBeNull()
    addCount(total, count)
  }
  // A simulation without events would break no promise either.
  for (const [what, count] of Object.entries(total)) expect(count, what).toBeGreaterThan(SEEDS / 30)
})

test('a seed tells the same story every time', async () => {
  const stories = await Promise.all(
    [1, 2].map(async () => {
      const story: string[] = []
      for (const seed of [3, 7, 11]) await simulate({ seed, hear: (line) => story.push(line) })
      return story
    }),
  )
  expect(stories[0]?.length).toBeGreaterThan(100)
  expect(stories[1]).toEqual(stories[0])
})
