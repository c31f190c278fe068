import { expect, test } from 'vitest'
import type { Matchmaker, Proposal } from '../../src/matchmaker/api.ts'
import { chanceOf } from '../simulation/chance.ts'
import { findGroup } from './fuzz/search.ts'
import { at, duel, fives, idsOf, ticket } from './fuzz/table.ts'

/** Solos come at a rate that changes; when each of them plays. */
function pour(matchmaker: Matchmaker, rates: readonly (readonly [perSecond: number, seconds: number])[]) {
  const chance = chanceOf(1)
  const [addedAt, waits]: [Map<string, number>, number[]] = [new Map(), []]
  let now = 0
  function upTo(until: number): void {
    for (let next = matchmaker.nextAt(); next !== null && next <= until; next = matchmaker.nextAt()) {
      now = Math.max(now, next)
      for (const proposal of matchmaker.tick(now)) play(proposal)
    }
    now = until
  }
  function play({ id, teams }: Proposal): void {
    expect(matchmaker.confirm(id)).toBe(true)
    for (const one of teams.flat()) waits.push(now - (addedAt.get(one.id) ?? 0))
  }
  for (const [perSecond, seconds] of rates) {
    const end = now + seconds * 1_000
    for (let next = now; next < end; next += 1_000 / perSecond) {
      upTo(Math.round(next))
      const id = `t${addedAt.size}`
      addedAt.set(id, now)
      matchmaker.add(ticket(id, { mu: chance.between(500, 2_500) }), now)
    }
    upTo(end)
  }
  upTo(now + 200_000)
  return waits
}

test('no ticket exceeds the longest wait while load rises from 0.3 to 10 per second and falls again', () => {
  const matchmaker = at(duel)
  const waits = pour(matchmaker, [
    [0.3, 600],
    [10, 200],
    [0.3, 600],
  ])
  expect(waits.length).toBeGreaterThan(2_300)
  expect(matchmaker.stats().queued).toBeLessThan(2)
  expect(Math.max(...waits.toSorted((a, b) => a - b).slice(0, -2))).toBeLessThanOrEqual(120_000)
})

test('a burst is worked off in bounded ticks, and everyone plays once', () => {
  const matchmaker = at(duel)
  const burst = 20_000
  const chance = chanceOf(2)
  for (let n = 0; n < burst; n += 1) matchmaker.add(ticket(`t${n}`, { mu: chance.between(0, 3_000) }), 0)
  const found: Proposal[] = []
  let ticks = 0
  for (let next = matchmaker.nextAt(); next !== null && ticks < burst; next = matchmaker.nextAt()) {
    const bounded = matchmaker.tick(Math.max(next, ticks), { maxWork: 500, maxMatches: 200 })
    expect(bounded.length).toBeLessThanOrEqual(200)
    for (const { id } of bounded) matchmaker.confirm(id)
    found.push(...bounded)
    ticks += 1
  }
  expect(new Set(idsOf(found)).size).toBe(burst)
  expect(matchmaker.stats()).toMatchObject({ matched: burst, queued: 0, held: 0 })
})

test('repeated bounded ticks leave no ticket that could be matched', () => {
  const matchmaker = at(fives)
  const sizes = [4, 1, 3, 2, 2, 2, 1, 5, 1, 4, 3, 2, 5, 1, 4]
  const waiting = new Map(sizes.map((size, n) => [`t${n}`, ticket(`t${n}`, { size, mode: 'fives' })]))
  for (const one of waiting.values()) matchmaker.add(one, 0)
  for (let ticks = 0; (matchmaker.nextAt() ?? Infinity) <= 300_000; ticks += 1) {
    expect(ticks).toBeLessThan(2_000)
    for (const { id, teams } of matchmaker.tick(300_000, { maxWork: 1 })) {
      matchmaker.confirm(id)
      for (const one of teams.flat()) expect(waiting.delete(one.id)).toBe(true)
    }
  }
  expect(waiting.size).toBeLessThan(sizes.length)
  const left = [...waiting.values()].map((one) => ({ ticket: one, waitedMs: 300_000 }))
  expect(findGroup(left, { mode: fives, rules: {} })).toBeNull()
})
