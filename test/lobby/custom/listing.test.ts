import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { asFilter, type Filter } from '../../../src/lobby/custom/list/filter.ts'
import { createListing, type ListChanges } from '../../../src/lobby/custom/list/listing.ts'
import type { LobbySummary } from '../../../src/protocol/events/lobbies.ts'
import type { LobbyId, PlayerId } from '../../../src/protocol/ids.ts'

const lobby = (n: number, change: Partial<LobbySummary> = {}): LobbySummary => ({
  id: `l${n}` as LobbyId,
  mode: 'duel',
  name: `lobby ${n}`,
  host: { playerId: 'ann' as PlayerId, name: 'ann' },
  members: 1,
  capacity: 2,
  hasPassword: false,
  locked: false,
  state: 'open',
  createdAt: n,
  ...change,
})
const ids = (lobbies: readonly LobbySummary[]) => lobbies.map(({ id }) => id)

test('[LO20] the newest come first, and a page goes on where the last one ended', () => {
  const listing = createListing()
  for (const n of [3, 1, 5, 2, 4]) listing.set(`l${n}` as LobbyId, lobby(n))
  const first = listing.page({}, 2)
  expect(ids(first.lobbies)).toEqual(['l5', 'l4'])
  listing.set('l4' as LobbyId, null)
  listing.set('l6' as LobbyId, lobby(6))
  const second = listing.page({}, 2, first.next)
  expect(ids(second.lobbies)).toEqual(['l3', 'l2'])
  const third = listing.page({}, 2, second.next)
  expect(third).toMatchObject({ lobbies: [{ id: 'l1' }], next: null })
})

test('[LO20] a page that ends with the last lobby says that there is no more', () => {
  const listing = createListing()
  for (const n of [1, 2]) listing.set(`l${n}` as LobbyId, lobby(n))
  expect(listing.page({}, 2).next).toBeNull()
})

test.each([
  [{ mode: 'squad' }, ['l2']],
  [{ text: ' CASTLE' }, ['l2', 'l1']],
  [{ text: 'ＣÀSTLÉ' }, ['l2', 'l1']],
  [{ hasRoom: true }, ['l1']],
  [{ hasRoom: false }, ['l4', 'l3', 'l2', 'l1']],
  [{ mode: 'duel', text: 'keep' }, ['l3']],
])('[LO20] the filter %j admits %j', (given, expected) => {
  const listing = createListing()
  listing.set('l1' as LobbyId, lobby(1, { name: 'Ann’s Castle' }))
  listing.set('l2' as LobbyId, lobby(2, { name: 'castle two', mode: 'squad', members: 2 }))
  listing.set('l3' as LobbyId, lobby(3, { name: 'the keep', locked: true }))
  listing.set('l4' as LobbyId, lobby(4, { name: 'x', members: 2 }))
  expect(ids(listing.page(asFilter(given).filter, 50).lobbies)).toEqual(expected)
})

test.each([
  ['İzmir', 'izmir'],
  ['istanbul', 'İSTANBUL'],
  ['Straße', 'STRASSE'],
  ['STRASSE', 'straße'],
  ['Café', 'cafe'],
  ['cafe\u0301', 'CAFÉ'],
  ['ＦＵＬＬ', 'full'],
  ['ΟΔΟΣ', 'οδος'],
  ['ΟΔΟΣ ΜΟΥ', 'οδός μου'],
  ['ﬁne', 'FINE'],
  ['ırmak', 'IRMAK'],
  ['Straße', 'STRAẞE'],
  ['GROẞ', 'gross'],
  ['Łódź', 'lodz'],
  ['Ørsted', 'ORSTED'],
  ['Æon', 'aeon'],
])('[LO20] in %s, %s is found', (name, text) => {
  const listing = createListing()
  listing.set('l1' as LobbyId, lobby(1, { name }))
  expect(ids(listing.page(asFilter({ text }).filter, 50).lobbies)).toEqual(['l1'])
})

test('[LO70] a page of one mode looks at no lobby of another, and says how many it looked at', () => {
  const listing = createListing()
  for (let n = 0; n < 1_000; n++) listing.set(`l${n}` as LobbyId, lobby(n, { mode: n % 100 === 0 ? 'squad' : 'duel' }))
  expect(listing.page({ mode: 'squad' }, 50)).toMatchObject({ looks: 10, next: null })
  expect(listing.page({ mode: 'none' }, 50)).toMatchObject({ looks: 0, lobbies: [] })
  expect(listing.page(asFilter({ text: 'nowhere' }).filter, 50).looks).toBe(1_000)
  expect(listing.page({}, 50).looks).toBe(51)
})

test('[LO21] a lobby that came and went between two looks is not told', () => {
  const listing = createListing()
  const base = listing.remember()
  listing.set('l1' as LobbyId, lobby(1))
  listing.set('l1' as LobbyId, null)
  expect(listing.since(base, {})).toEqual({ unlisted: [], listed: [], changed: [] })
})

test('[LO21] a watcher who saw a lobby in between is told that it left the list', () => {
  const listing = createListing()
  const early = listing.remember()
  listing.set('l1' as LobbyId, lobby(1))
  const late = listing.remember()
  listing.set('l1' as LobbyId, null)
  expect(listing.since(early, {}).unlisted).toEqual([])
  expect(listing.since(late, {}).unlisted).toEqual(['l1'])
})

const someLobby = fc.record({
  n: fc.integer({ min: 0, max: 5 }),
  is: fc.option(
    fc.record({
      mode: fc.constantFrom('duel', 'squad'),
      name: fc.constantFrom('a castle', 'a keep'),
      members: fc.integer({ min: 1, max: 2 }),
      locked: fc.boolean(),
    }),
  ),
})
const someFilter = fc.record(
  { mode: fc.constantFrom('duel', 'squad'), text: fc.constantFrom('castle', 'a'), hasRoom: fc.boolean() },
  { requiredKeys: [] },
)
const somethingHappens = fc.oneof(
  { weight: 5, arbitrary: fc.record({ set: someLobby }) },
  { weight: 2, arbitrary: fc.record({ watch: someFilter }) },
  { weight: 1, arbitrary: fc.constant({ tell: true as const }) },
)

/** A client that does with the pushes what the reference says. */
class Watcher {
  readonly has = new Map<string, LobbySummary>()
  readonly filter: Filter
  base: number
  constructor(filter: Filter, base: number, lobbies: LobbySummary[]) {
    this.filter = filter
    this.base = base
    this.take({ listed: lobbies, changed: [], unlisted: [] })
  }
  take({ listed, changed, unlisted }: ListChanges): void {
    for (const id of unlisted) expect(this.has.delete(id), `${id} was there to be taken out`).toBe(true)
    for (const one of listed) expect(this.has.has(one.id), `${one.id} is new`).toBe(false)
    for (const one of changed) expect(this.has.has(one.id), `${one.id} is known`).toBe(true)
    for (const one of [...listed, ...changed]) this.has.set(one.id, one)
  }
}

test('[LO21] after any pushes a watcher has the same list as a fresh one', () => {
  fc.assert(
    fc.property(fc.array(somethingHappens, { maxLength: 60 }), (happenings) => {
      const listing = createListing()
      const watchers: Watcher[] = []
      const tell = () => {
        for (const watcher of watchers) {
          watcher.take(listing.since(watcher.base, watcher.filter))
          watcher.base = listing.version()
        }
        listing.forget(watchers.length > 0)
      }
      for (const happening of happenings) {
        if ('tell' in happening) tell()
        else if ('watch' in happening) {
          const { filter } = asFilter(happening.watch)
          watchers.push(new Watcher(filter, listing.remember(), listing.page(filter, 100).lobbies))
        } else {
          const { n, is } = happening.set
          listing.set(`l${n}` as LobbyId, is && lobby(n, is))
        }
      }
      tell()
      for (const { has, filter } of watchers) {
        const fresh = listing.page(filter, 100).lobbies
        expect(new Map(fresh.map((one) => [one.id, one]))).toEqual(has)
      }
    }),
    { numRuns: 500 },
  )
})
