import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Matchmaker, TicketError } from '../../src/matchmaker/api.ts'
import { createMatchmaker } from '../../src/matchmaker/matchmaker.ts'
import { at, brawl, duel, raid, ticket, untilQuiet } from './fuzz/table.ts'

const NOW = 5_000
const never = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  -1e300,
  1e16,
  1e300,
  Number.MAX_VALUE,
]
const noText = '5' as unknown as number

/** Two who wait, one who is held for a match that goes on, and what all of them look like. */
function world() {
  const matchmaker = at(duel, { modes: [duel, raid], regions: ['eu'] })
  matchmaker.addBackfill({ id: 'm', mode: 'duel', teams: [[{ id: 'p', mu: 1_500 }], []] }, 0)
  matchmaker.add(ticket('held'), 0)
  const [held] = matchmaker.tick(NOW)
  for (const id of ['a', 'b']) matchmaker.add(ticket(id, { mode: 'raid' }), NOW)
  matchmaker.tick(NOW)
  return { matchmaker, proposal: held?.id ?? '' }
}
const stateOf = (one: Matchmaker) =>
  JSON.stringify([
    one.stats(),
    ['a', 'b', 'held'].map((id) => [one.explain(id, NOW), one.estimate(id, NOW)]),
    one.nextAt(),
  ])

type Entry = (matchmaker: Matchmaker, bad: number, proposal: string) => unknown
const rated = (mu: number, sigma = 1) => [{ id: 'x', mu, sigma }]
const room = { id: 'n', mode: 'duel', teams: [[], []] }
const entries: [name: string, entry: Entry][] = [
  ['add at', (one, bad) => one.add(ticket('x'), bad)],
  ['add a ticket already here at', (one, bad) => one.add(ticket('a'), bad)],
  ['add with credit', (one, bad) => one.add(ticket('x', { creditMs: bad }), NOW)],
  ['add with a latency of', (one, bad) => one.add(ticket('x', { latencies: { eu: bad } }), NOW)],
  ['add with a sigma of', (one, bad) => one.add({ ...ticket('x'), players: rated(1, bad) }, NOW)],
  ['remove at', (one, bad) => one.remove('a', bad)],
  ['remove of nobody at', (one, bad) => one.remove('nobody', bad)],
  ['remove of one who is held at', (one, bad) => one.remove('held', bad)],
  ['update at', (one, bad) => one.update('a', { block: ['b-0'] }, bad)],
  ['update of nobody at', (one, bad) => one.update('nobody', {}, bad)],
  ['update of the credit to', (one, bad) => one.update('a', { creditMs: bad }, NOW)],
  ['addBackfill at', (one, bad) => one.addBackfill(room, bad)],
  ['addBackfill with credit', (one, bad) => one.addBackfill({ ...room, creditMs: bad }, NOW)],
  ['addBackfill with a sigma of', (one, bad) => one.addBackfill({ ...room, teams: [rated(1, bad), []] }, NOW)],
  ['removeBackfill at', (one, bad) => one.removeBackfill('m', bad)],
  ['tick at', (one, bad) => one.tick(bad)],
  ['reject at', (one, bad, id) => one.reject(id, { who: [], now: bad })],
  ['reject of nothing at', (one, bad) => one.reject('nothing', { who: [], now: bad })],
  ['explain at', (one, bad) => one.explain('a', bad)],
  ['explain of nobody at', (one, bad) => one.explain('nobody', bad)],
  ['estimate at', (one, bad) => one.estimate('a', bad)],
]
const refusal = (thrown: unknown): boolean => thrown instanceof TicketError || thrown instanceof RangeError

test.each(entries)('[QU30] %s refuses a value that is no number from 0, and changes nothing', (_, entry) => {
  const { matchmaker, proposal } = world()
  const before = stateOf(matchmaker)
  for (const bad of [...never, noText]) {
    expect(() => entry(matchmaker, bad, proposal), `${bad}`).toThrow(expect.toSatisfy(refusal))
    expect(stateOf(matchmaker), `${bad}`).toBe(before)
  }
})

test('[QU30] ratings, attributes and wants that are no finite numbers are refused, and nothing has changed', () => {
  const { matchmaker } = world()
  const before = stateOf(matchmaker)
  const refused = (attempt: () => void) => {
    expect(attempt).toThrow(TicketError)
    expect(stateOf(matchmaker)).toBe(before)
  }
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const [level, min, list] = [{ level: bad }, { level: { min: bad } }, { level: [1, bad] }]
    refused(() => matchmaker.add(ticket('x', { attributes: level }), NOW))
    for (const wants of [level, min, list]) refused(() => matchmaker.add(ticket('x', { wants }), NOW))
    refused(() => matchmaker.addBackfill({ ...room, attributes: level }, NOW))
    refused(() => void matchmaker.update('a', { wants: min }, NOW))
  }
  for (const mu of [Number.NaN, Number.POSITIVE_INFINITY, -1e300, 1e10, noText]) {
    refused(() => matchmaker.add({ ...ticket('x'), players: rated(mu) }, NOW))
    refused(() => matchmaker.addBackfill({ ...room, teams: [rated(mu), []] }, NOW))
    refused(() => void matchmaker.update('a', { players: rated(mu) }, NOW))
  }
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`a${n}`, n]))
  refused(() => matchmaker.add(ticket('x', { attributes: many }), NOW))
  refused(() => matchmaker.add(ticket('x', { wants: { a: Array.from({ length: 257 }, (_, n) => n) } }), NOW))
  refused(() => matchmaker.add(ticket('x', { attributes: { a: 'x'.repeat(1_025) } }), NOW))
})

test('[QU30] a tick refuses a limit that is no number', () => {
  const { matchmaker } = world()
  for (const bad of [Number.NaN, -1]) {
    expect(() => matchmaker.tick(NOW, { maxWork: bad })).toThrow(RangeError)
    expect(() => matchmaker.tick(NOW, { maxMatches: bad })).toThrow(RangeError)
  }
})

test.each([
  ['a thousand and one seats', { teams: 1_001 }],
  ['no end of roles', { roles: { tank: 1e9 } }],
  ['half a role', { roles: { tank: 0.5 } }],
  ['a price that is no number', { pointsPerSecond: Number.NaN }],
  ['an infinite price', { pointsPerSecond: Number.POSITIVE_INFINITY }],
  ['a wait that is no number', { maxWaitMs: Number.NaN }],
  ['a time to fill that is no number', { shortHandedAfterMs: Number.NaN }],
])('a mode with %s cannot be', (_, mode) => {
  expect(() => createMatchmaker({ modes: [{ ...duel, ...mode }] })).toThrow(RangeError)
})

test('[QU30] with any sane instants and ratings, every call ends and every ticket is in one place', () => {
  const instant = fc.oneof(
    fc.double({ min: 0, max: 8.64e15, noNaN: true }),
    fc.constantFrom(0, 8.64e15, 0.1, 2 ** 53 / 1_000),
  )
  const rating = fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constantFrom(0, 1e9, -1e9, 5e-324))
  const said = fc.record({ mu: rating, creditMs: instant, mode: fc.constantFrom('duel', 'brawl', 'raid') })
  fc.assert(
    fc.property(fc.array(fc.tuple(said, instant), { minLength: 1, maxLength: 12 }), (calls) => {
      const matchmaker = at(duel, { modes: [duel, brawl, raid] })
      for (const [n, [one, now]] of calls.entries()) {
        matchmaker.add(ticket(`t${n}`, one), now)
        matchmaker.tick(now)
        const next = matchmaker.nextAt()
        expect(next === null || Number.isFinite(next)).toBe(true)
      }
      const now = Math.max(...calls.map(([, instant]) => instant))
      if (now < 8e15) untilQuiet(matchmaker, now)
      const { added, queued, held, matched } = matchmaker.stats()
      expect(queued + held + matched).toBe(added)
    }),
  )
})
