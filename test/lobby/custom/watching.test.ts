import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createListing } from '../../../src/lobby/custom/list/listing.ts'
import { createPages } from '../../../src/lobby/custom/list/pages.ts'
import { createWatching } from '../../../src/lobby/custom/list/watching.ts'
import type { Deliver } from '../../../src/lobby/ports.ts'
import type { LobbySummary } from '../../../src/protocol/events/lobbies.ts'
import type { LobbyId, PlayerId } from '../../../src/protocol/ids.ts'
import { FakeClock } from '../../support/clock.ts'
import type { Player } from '../../support/player.ts'
import { startWorld } from '../../support/world.ts'
import { gathered } from './gathering.ts'

const viewer = 'somebody' as PlayerId

type Listed = Map<string, LobbySummary>
interface Push {
  lobbies?: LobbySummary[]
  lobbyIds?: string[]
  version: number
}

/** What a client does with the list and the pushes, by the reference. */
function applied(list: Listed, { lobbies = [], lobbyIds = [] }: Partial<Push>): Listed {
  for (const id of lobbyIds) list.delete(id)
  for (const lobby of lobbies) list.set(lobby.id, lobby)
  return list
}
const byId = (list: Listed | LobbySummary[]) =>
  [...list.values()].sort((a: LobbySummary, b: LobbySummary) => a.id.localeCompare(b.id))

/** A client that watches, and has the list as the pushes make it. */
async function watching(player: Player, filter: object = {}) {
  const list: Listed = new Map()
  for (const event of ['lobby:listed', 'lobby:changed', 'lobby:unlisted'])
    player.lobby.on(event, (push: Push) => applied(list, push))
  applied(list, await player.asks('lobby:watch', filter))
  return { player, filter, list }
}

async function freshList(player: Player, filter: object = {}): Promise<LobbySummary[]> {
  const lobbies: LobbySummary[] = []
  for (let cursor: string | undefined, page = 0; page === 0 || cursor; page++) {
    const reply = await player.asks('lobby:list', { ...filter, ...(cursor && { cursor }) })
    lobbies.push(...reply.lobbies)
    cursor = reply.cursor
  }
  return lobbies
}

test('notifications about an entity: a watcher of the list hears each change of a lobby', async () => {
  const world = await startWorld()
  const eve = await world.player('eve')
  const { version } = await eve.asks('lobby:watch')
  const { group, lobby } = await gathered(world, ['ann'])
  const { id, mode, name, createdAt } = lobby
  const summary = { id, mode, name, createdAt, host: { playerId: lobby.host, name: 'ann' }, members: 1, capacity: 2 }
  const listed = { ...summary, hasPassword: false, locked: false, state: 'open' }
  await world.clock.advance(0)
  const told = await eve.hears('lobby:listed')
  expect(told).toEqual({ lobby: listed, lobbies: [listed], version: version + 1 })
  await group[0].asks('lobby:update', { locked: true })
  await world.clock.advance(400)
  const changed = { ...listed, locked: true }
  expect(await eve.hears('lobby:changed')).toEqual({ lobby: changed, lobbies: [changed], version: version + 2 })
  await group[0].asks('lobby:leave')
  await world.clock.advance(400)
  expect(await eve.hears('lobby:unlisted')).toEqual({ lobbyId: id, lobbyIds: [id], version: version + 3 })
})

test('[LO21] a player who stops watching, or never watched, hears nothing', async () => {
  const world = await startWorld()
  const [eve, bob] = await world.players('eve', 'bob')
  await eve.asks('lobby:watch')
  expect(await eve.asks('lobby:unwatch')).toEqual({ ok: true })
  expect(world.census().watchers).toBe(0)
  await gathered(world, ['ann'])
  await world.clock.advance(1_000)
  for (const player of [eve, bob]) expect(await player.heardSoFar('lobby:listed')).toEqual([])
})

test('[LO2] [LO21] a lobby that turns private goes from the list, and comes back with public', async () => {
  const world = await startWorld()
  const eve = await watching(await world.player('eve'))
  const { group, lobby } = await gathered(world, ['ann'])
  await world.clock.advance(400)
  await group[0].asks('lobby:update', { visibility: 'private' })
  await world.clock.advance(400)
  expect(await eve.player.hears('lobby:unlisted')).toMatchObject({ lobbyId: lobby.id })
  await group[0].asks('lobby:update', { visibility: 'public' })
  await world.clock.advance(400)
  await eve.player.heardSoFar('lobby:listed')
  expect(byId(eve.list)).toEqual(byId(await freshList(eve.player)))
})

test('[LO20] the list comes in pages of 50, the newest first', async () => {
  const world = await startWorld()
  const ids: string[] = []
  for (let n = 0; n < 60; n++) {
    const { lobby } = await gathered(world, [`p${n}`], { name: n % 2 ? 'odd one' : 'even one' })
    ids.unshift(lobby.id)
    await world.clock.advance(1)
  }
  const eve = await world.player('eve')
  const first = await eve.asks('lobby:list')
  expect(first.lobbies.map(({ id }: LobbySummary) => id)).toEqual(ids.slice(0, 50))
  const second = await eve.asks('lobby:list', { cursor: first.cursor })
  expect(second.lobbies.map(({ id }: LobbySummary) => id)).toEqual(ids.slice(50))
  expect(second.cursor).toBeUndefined()
  expect(await freshList(eve, { text: 'ODD' })).toHaveLength(30)
  expect(await eve.asks('lobby:list', { cursor: 'mine' })).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  expect((await eve.asks('lobby:watch')).lobbies).toHaveLength(60)
})

const anyAct = fc.record({
  who: fc.nat(3),
  does: fc.constantFrom('create', 'hide', 'show', 'lock', 'unlock', 'rename', 'leave', 'quick'),
})
const anyMoment = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: anyAct }) },
  { weight: 1, arbitrary: fc.record({ watch: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ pass: fc.constantFrom(0, 100, 400, 1_000) }) },
)
const FILTERS = [{}, { text: 'moor' }, { mode: 'duel', hasRoom: true }]
const ASKS: Record<string, [event: string, payload: object]> = {
  create: ['lobby:create', { mode: 'duel', name: 'The Keep', visibility: 'public' }],
  hide: ['lobby:update', { visibility: 'private' }],
  show: ['lobby:update', { visibility: 'public' }],
  lock: ['lobby:update', { locked: true }],
  unlock: ['lobby:update', { locked: false }],
  rename: ['lobby:update', { name: 'The Moor' }],
  leave: ['lobby:leave', {}],
  quick: ['lobby:quick', { mode: 'duel' }],
}

test('[LO21] after any sequence of pushes a watcher has the same list as a fresh one', async () => {
  const world = await startWorld()
  const actors = await Promise.all(['ann', 'bob', 'cat', 'dan'].map((name) => world.player(name)))
  await fc.assert(
    fc.asyncProperty(fc.array(anyMoment, { maxLength: 25 }), async (moments) => {
      // One connection each, since watching again replaces the filter.
      const watchers = [await watching(await world.player('eve'), FILTERS[0])]
      for (const moment of moments) {
        if ('pass' in moment) await world.clock.advance(moment.pass)
        else if ('watch' in moment) watchers.push(await watching(await world.player('eve'), FILTERS[moment.watch]))
        else await actors[moment.act.who]?.asks(...(ASKS[moment.act.does] as [string, object]))
      }
      await world.clock.advance(2_000)
      for (const { player, filter, list } of watchers) {
        await player.heardSoFar('lobby:listed')
        expect(byId(list)).toEqual(byId(await freshList(player, filter)))
        player.leaves()
      }
    }),
    { numRuns: 25 },
  )
})

/** The list and its watchers without sockets, and all that they are told. */
function list() {
  const clock = new FakeClock()
  const listing = createListing()
  const told: { at: number; to: string[]; event: string; push: Push }[] = []
  const deliver: Deliver = ({ connections = [] }, event, push) =>
    void told.push({ at: clock.now(), to: [...connections], event, push: push as Push })
  const hides = () => null
  const watchers = createWatching({ listing, deliver, hides, clock })
  const pageOf = createPages({ listing, hides })
  function set(n: number, change: Partial<LobbySummary> | null): void {
    const id = `l${n}` as LobbyId
    const summary: LobbySummary = {
      id,
      mode: n % 2 ? 'duel' : 'squad',
      name: `lobby ${n}`,
      host: { playerId: 'ann' as PlayerId, name: 'ann' },
      members: 1,
      capacity: 9,
      hasPassword: false,
      locked: false,
      state: 'open',
      createdAt: n,
    }
    if (listing.set(id, change && { ...summary, ...change })) watchers.changed()
  }
  return { clock, listing, watchers, pageOf, told, set }
}

test('[LO22] 200 watchers while 1,000 lobbies churn: few pushes, each made once for a filter, and equal lists', async () => {
  const { clock, watchers, pageOf, told, set } = list()
  const filters = [{}, { mode: 'duel' }, { text: '7', hasRoom: true }]
  const lists = new Map<string, Listed>()
  const watch = (n: number) => {
    const reply = watchers.watch(viewer, `w${n}`, filters[n % 3] ?? {})
    lists.set(`w${n}`, applied(new Map(), reply))
  }
  let cameLast = 0
  let seed = 1
  const dice = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  for (let n = 0; n < 100; n++) watch(n)
  for (let step = 0; step < 400; step++) {
    for (let k = 0; k < 50; k++) {
      const one = dice(1_000)
      set(one, dice(4) === 0 ? null : { members: 1 + dice(9), locked: dice(5) === 0 })
    }
    // The others come while everything changes.
    if (step % 3 === 0 && lists.size < 200) {
      watch(lists.size)
      cameLast = clock.now()
    }
    await clock.advance(50)
  }
  await clock.advance(2_000)
  for (const { to, push } of told) for (const id of to) applied(lists.get(id) as Listed, push)
  for (let n = 0; n < 200; n++) {
    const fresh = new Map<string, LobbySummary>()
    let cursor: string | undefined
    do {
      const page = pageOf(viewer, { ...filters[n % 3], cursor }).reply as {
        lobbies: LobbySummary[]
        cursor?: string
      }
      applied(fresh, page)
      cursor = page.cursor
    } while (cursor)
    expect(byId(lists.get(`w${n}`) as Listed)).toEqual(byId(fresh))
    const times = told.filter(({ to }) => to.includes(`w${n}`)).map(({ at }) => at)
    expect(times.length).toBeGreaterThan(0)
    // Any four pushes in a row take more than a second.
    for (let k = 3; k < times.length; k++) expect((times[k] ?? 0) - (times[k - 3] ?? 0)).toBeGreaterThan(1_000)
  }
  // What is said to all who share a filter is made once, when nobody new has come since the last time.
  const allAreHere = told.filter(({ at }) => at > cameLast + 2_000)
  const moments = [...Map.groupBy(allAreHere, ({ at }) => at).values()]
  expect(moments.length).toBeGreaterThan(5)
  for (const pushes of moments) expect(pushes).toHaveLength(3)
})

test('[LO22] the first change after a quiet while is told at once, the next ones together', async () => {
  const { clock, watchers, told, set } = list()
  watchers.watch(viewer, 'w', {})
  set(1, {})
  await clock.advance(0)
  expect(told.map(({ event }) => event)).toEqual(['lobby:listed'])
  for (let n = 2; n <= 100; n++) set(n, {})
  set(1, null)
  set(5, { locked: true })
  await clock.advance(399)
  expect(told).toHaveLength(1)
  await clock.advance(1_000)
  expect(told.slice(1)).toMatchObject([
    { event: 'lobby:unlisted', push: { lobbyIds: ['l1'], more: true } },
    { event: 'lobby:listed' },
  ])
  expect(told[2]?.push.lobbies).toHaveLength(99)
  expect(told[2]?.push).not.toHaveProperty('more')
})

test('[LO24] where no more than three lobbies differ, each has a push of its own, and `lobby` says it all', async () => {
  const { clock, watchers, told, set } = list()
  for (const n of [1, 2, 3]) set(n, {})
  watchers.watch(viewer, 'w', {})
  set(1, null)
  set(2, { locked: true })
  set(4, {})
  await clock.advance(1_199)
  expect(told.map(({ event, push }) => [event, push.lobbies?.length ?? push.lobbyIds?.length])).toEqual([
    ['lobby:unlisted', 1],
    ['lobby:listed', 1],
    ['lobby:changed', 1],
  ])
  expect(told[0]?.push).toMatchObject({ lobbyId: 'l1', more: true })
  told.length = 0
  for (const n of [5, 6, 7]) set(n, {})
  await clock.advance(2_000)
  expect(told.map(({ push }) => (push as { lobby?: LobbySummary }).lobby?.id)).toEqual(['l5', 'l6', 'l7'])
  expect(told.map(({ push }) => 'more' in push)).toEqual([true, true, false])
})

test('[LO22] without watchers no data and no timer is kept', async () => {
  const { clock, listing, watchers, told, set } = list()
  for (let n = 0; n < 100; n++) set(n, {})
  expect(clock.pending).toBe(0)
  watchers.watch(viewer, 'w', {})
  set(1, { locked: true })
  watchers.unwatch('w')
  await clock.advance(1_000)
  set(1, null)
  expect(clock.pending).toBe(0)
  expect(told).toEqual([])
  expect(listing.since(0, {})).toEqual({ unlisted: [], listed: [], changed: [] })
})

test('[LO22] a watcher with a new filter hears nothing more for the old one', async () => {
  const { clock, watchers, told, set } = list()
  watchers.watch(viewer, 'w', {})
  set(1, {})
  await clock.advance(0)
  set(1, null)
  set(2, {})
  await clock.advance(400)
  watchers.watch(viewer, 'w', { mode: 'duel' })
  await clock.advance(2_000)
  expect(told.map(({ event }) => event)).toEqual(['lobby:listed', 'lobby:unlisted'])
})
