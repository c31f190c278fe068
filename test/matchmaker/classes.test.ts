import { expect, test } from 'vitest'
import type { Ticket } from '../../src/matchmaker/api.ts'
import { Classes } from '../../src/matchmaker/tickets/classes.ts'
import { at, duel, fives, idsOf, ticket, untilQuiet } from './fuzz/table.ts'

const MANY = 600

test('[QU32] estimates of unused wants are forgotten, the oldest first', () => {
  const forgotten: number[] = []
  const classes = new Classes((id) => forgotten.push(id))
  for (let n = 0; n < MANY; n += 1) classes.leave(classes.enter({ mode: 'duel', attributes: { map: `map ${n}` } }))
  expect(classes.size).toBeLessThanOrEqual(256)
  expect(forgotten).toEqual(Array.from({ length: MANY - classes.size }, (_, n) => n))
})

test('[QU32] however many kinds of tickets a mode has, its classes are limited, and another mode has its own', () => {
  const classes = new Classes()
  const ids = new Set<number>()
  for (let n = 0; n < MANY; n += 1)
    ids.add(classes.enter({ mode: 'duel', attributes: { n }, wants: { n: { min: n } } }))
  expect(ids.size).toBeLessThanOrEqual(65)
  const other = classes.enter({ mode: 'raid', attributes: { n: 1 } })
  expect(classes.isMixed(other)).toBe(false)
  for (const id of ids) expect(classes.partnersOf(other).has(id)).toBe(false)
})

test('[QU32] unused combinations of modes leave nothing behind', () => {
  const classes = new Classes()
  for (let n = 0; n < 3_000; n += 1) classes.leave(classes.enter({ mode: ['duel', `mode ${n}`] }))
  expect(classes.size).toBeLessThanOrEqual(256)
})

const wishes: [string, (n: number) => Partial<Ticket>, count: number][] = [
  ['a number of their own', (n) => ({ attributes: { n } }), 400],
  ['numbers within a range', (n) => ({ attributes: { n }, wants: { n: { min: n - 9, max: n + 9 } } }), 400],
  ['a text shared with one', (n) => ({ attributes: { n: `${n >> 1}` }, wants: { n: `${n >> 1}` } }), 400],
  ['a list of texts', (n) => ({ attributes: { n: `${n}` }, wants: { n: [`${n}`, `${n ^ 1}`] } }), 400],
]
test.each(wishes)('[QU32] of tickets with %s exactly the compatible ones are matched', (_, wish, count) => {
  const matchmaker = at(duel)
  for (let n = 0; n < count; n += 1) matchmaker.add(ticket(`t${n}`, { mu: 1_500 + ((n * 37) % 400), ...wish(n) }), n)
  const { found } = untilQuiet(matchmaker, count)
  for (const { teams } of found) {
    const [a, b] = teams.flat().map(({ id }) => Number(id.slice(1)))
    const [one, other] = [wish(a ?? 0), wish(b ?? 0)]
    const want = one.wants?.n
    if (typeof want === 'object' && 'min' in want) expect(Math.abs((a ?? 0) - (b ?? 0))).toBeLessThanOrEqual(9)
    else if (want !== undefined) expect([want].flat()).toContain(other.attributes?.n)
  }
  // Whoever is left has nobody left.
  expect(idsOf(found).length).toBeGreaterThanOrEqual(0.95 * count)
})

test('[QU32] of thousands of codes those with the same find each other at once, and the others stay cheap', () => {
  const classes = new Classes()
  const ids = Array.from({ length: 8_000 }, (_, n) => {
    const code = { code: `${n >> 1}`, level: n % 2 }
    return classes.enter({ mode: 'duel', attributes: code, wants: { code: code.code } })
  })
  expect(classes.size).toBeLessThanOrEqual(4_097)
  for (const [n, id] of ids.slice(0, 4_000).entries()) {
    const partners = [...classes.partnersOf(id)].filter((one) => !classes.isMixed(one))
    expect(partners.toSorted((a, b) => a - b)).toEqual([ids[n & ~1], ids[n | 1]])
  }
  const matchmaker = at(duel)
  for (let n = 0; n < 600; n += 1) {
    const code = { code: `${n % 300}` }
    matchmaker.add(ticket(`t${n}`, { mu: 0, attributes: code, wants: code }), n)
  }
  expect(untilQuiet(matchmaker, 600, 1_000).found).toHaveLength(300)
})

test('[QU32] teams are made of tickets of many kinds too', () => {
  const matchmaker = at(fives)
  for (let n = 0; n < 200; n += 1) {
    const wants = { n: { min: n - 60, max: n + 60 } }
    matchmaker.add(ticket(`t${n}`, { mode: 'fives', mu: 1_500 + ((n * 37) % 100), attributes: { n }, wants }), n)
  }
  const { found } = untilQuiet(matchmaker, 200)
  expect(found.length).toBeGreaterThanOrEqual(15)
  for (const { teams } of found) {
    const numbers = teams.flat().map(({ attributes }) => Number(attributes?.n))
    expect(Math.max(...numbers) - Math.min(...numbers)).toBeLessThanOrEqual(60)
  }
})

test('[QU32] of equal tickets the older plays first, also where there are too many kinds to tell them apart', () => {
  const matchmaker = at(duel)
  for (let n = 0; n < 100; n += 1) {
    const wants = { n: `kind ${n}` }
    for (const id of ['a', 'b', 'c']) matchmaker.add(ticket(`${id}${n}`, { mu: 0, attributes: wants, wants }), n)
  }
  const players = idsOf(untilQuiet(matchmaker, 100).found)
  expect(players.filter((id) => id.startsWith('c'))).toEqual([])
  expect(players).toHaveLength(200)
})
test('[QU32] among many kinds two compatible tickets are matched in the end, and the rest stop searching', () => {
  const matchmaker = at(duel)
  const unlike = (n: number) => ({ attributes: { side: 0 }, wants: { side: 10 + n } })
  for (let n = 0; n < 1_000; n += 1) matchmaker.add(ticket(`t${n}`, { mu: 10 * n, ...unlike(n) }), n)
  matchmaker.add(ticket('low', { mu: 0, attributes: { side: 1 }, wants: { side: 2 } }), 1_000)
  matchmaker.add(ticket('high', { mu: 10_000, attributes: { side: 2 }, wants: { side: 1 } }), 1_000)
  expect(idsOf(untilQuiet(matchmaker, 1_000).found)).toEqual(['high', 'low'])
  expect(matchmaker.nextAt()).toBeNull()
})
