import { expect, test } from 'vitest'
import { mode } from '../../../src/config/modes.ts'
import { createLobbies } from '../../../src/lobby/custom/lobbies.ts'
import { createSeatIndex } from '../../../src/lobby/seats/seat-index.ts'
import type { LobbyId } from '../../../src/protocol/ids.ts'
import { openMemoryRecordStore } from '../../../src/stores/memory/record-store.ts'
import { alwaysServing } from '../../../src/util/outage.ts'
import { FakeClock } from '../../support/clock.ts'
import { playerId } from '../../support/openings.ts'
import { startWorld } from '../../support/world.ts'

const duel = mode.parse({ id: 'duel', teams: { count: 2, size: 1 } })

/** The lobbies without a server around them, with everyone connected who is in `here`. */
function lobbiesOf(here: Set<string>, change: Partial<Parameters<typeof createLobbies>[0]> = {}) {
  const clock = new FakeClock()
  const records = openMemoryRecordStore()
  const quiet = () => {}
  let ids = 0
  const lobbies = createLobbies({
    modes: new Map([[duel.id, duel]]),
    matchService: {
      open: async () => null,
      isOpen: () => true,
      lobbyChanged: () => {},
    },
    seats: createSeatIndex(),
    people: { tell: quiet, isOnline: (player) => here.has(player) },
    rooms: { enter: quiet, exit: quiet },
    deliver: quiet,
    records,
    passwords: {
      hashPassword: async (password) => password,
      verifyPassword: async (hash, password) => hash === password,
    },
    idleMs: 30 * 60_000,
    isBlockedAtAll: (player) => player === 'eve',
    isBlocked: (by, player) => by === 'ann' && player === 'eve',
    isQueued: () => false,
    clock,
    time: alwaysServing(clock),
    newId: () => `${++ids}`.padEnd(21, 'A'),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    ...change,
  })
  return { lobbies, clock, records, here }
}
const about = { mode: 'duel', name: 'x', visibility: 'public' } as const

test('[LO23] [LO12] [LO70] there are at most 20,000 lobbies, and nothing of them is left when everyone has gone', async () => {
  const { lobbies, clock, records, here } = lobbiesOf(new Set())
  const names = Array.from({ length: 20_000 }, (_, n) => `p${n}`)
  for (const name of names) {
    here.add(name)
    const created = await lobbies.create({ id: playerId(name), name }, about)
    if (!created.ok) throw new Error(created.error.message)
  }
  const late = { id: playerId('late'), name: 'late' }
  here.add('late')
  expect(await lobbies.create(late, about)).toMatchObject({ error: { code: 'OVERLOADED', retryable: true } })
  expect(await lobbies.quick(late, { mode: 'duel' })).toMatchObject({ ok: true })
  // Two looks through all of them at once, then one a second; what others have looked for is known.
  const find = (who: string, text: string) => lobbies.list(playerId(who), { text })
  for (const text of ['nowhere', 'no one']) expect(find('late', text)).toMatchObject({ ok: true, lobbies: [] })
  expect(find('late', 'nothing')).toMatchObject({ error: { code: 'RATE_LIMITED', retryable: true } })
  for (let n = 0; n < 100; n++) expect(find('p0', n % 2 ? 'nowhere' : '')).toMatchObject({ ok: true })
  await clock.advance(1_000)
  expect(find('late', 'nothing')).toMatchObject({ ok: true })
  for (const name of [...names, 'late']) await lobbies.leave(playerId(name))
  expect(lobbies.census()).toEqual({ lobbies: 0, watchers: 0 })
  expect(await records.load('lobby')).toEqual([])
  await lobbies.stop()
  expect(clock.pending).toBe(0)
})

test('[LO5] [PR20] a player whom the host has blocked cannot join by id, by code or by quick join', async () => {
  const { lobbies } = lobbiesOf(new Set(['ann', 'eve', 'bob']))
  const [ann, eve, bob] = ['ann', 'eve', 'bob'].map((name) => ({ id: playerId(name), name, address: 'here' }))
  if (!ann || !eve || !bob) throw new Error('nobody there')
  const created = await lobbies.create(ann, about)
  if (!created.ok) throw new Error(created.error.message)
  const { id: lobbyId, code } = created.lobby
  expect(await lobbies.join(eve, { lobbyId })).toEqual(await lobbies.join(eve, { lobbyId: 'none' as LobbyId }))
  expect(await lobbies.join(eve, { code })).toEqual(await lobbies.join(eve, { code: 'NOSUCHCODE' }))
  expect(await lobbies.join(eve, { code })).toMatchObject({ error: { code: 'INVITE_INVALID' } })
  expect(await lobbies.quick(eve, { mode: 'duel' })).toMatchObject({ ok: true, lobby: { host: 'eve' } })
  expect(await lobbies.join(bob, { code })).toMatchObject({ ok: true })
})

test('[LO14] a match that cannot be made leaves the lobby as it was', async () => {
  const { lobbies } = lobbiesOf(new Set(['ann', 'bob']))
  const [ann, bob] = ['ann', 'bob'].map((name) => ({ id: playerId(name), name, address: 'here' }))
  if (!ann || !bob) throw new Error('nobody there')
  const created = await lobbies.create(ann, about)
  if (!created.ok) throw new Error(created.error.message)
  await lobbies.join(bob, { code: created.lobby.code })
  await lobbies.ready(bob.id, { ready: true })
  expect(await lobbies.start(ann.id)).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(lobbies.lobbyOf(bob.id)).toMatchObject({ state: 'open', members: [{}, { ready: true }] })
})

test('[LO23] settings are weighed in bytes, whatever they are written in', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const withSettings = (note: string) => ({ mode: 'duel', name: 'x', visibility: 'public', settings: { note } })
  expect(await ann.asks('lobby:create', withSettings('語'.repeat(1_361)))).toMatchObject({ ok: true })
  const tooMuch = withSettings('語'.repeat(1_363))
  expect(await ann.asks('lobby:create', tooMuch)).toMatchObject({ error: { code: 'TOO_LARGE' } })
  const { settings } = tooMuch
  expect(await ann.asks('lobby:update', { settings })).toMatchObject({ error: { code: 'TOO_LARGE' } })
})

test('[LO6] quick join avoids lobbies with players whom one blocks or is blocked by', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const [cat, dan] = await world.players('cat', 'dan')
  const { lobby } = await ann.asks('lobby:create', { mode: 'party', name: 'x', visibility: 'public' })
  await bob.asks('lobby:join', { lobbyId: lobby.id })
  await cat.asks('player:block', { playerId: ann.id, blocked: true })
  await bob.asks('player:block', { playerId: dan.id, blocked: true })
  const own = await cat.asks('lobby:quick', { mode: 'party' })
  expect(own.lobby).toMatchObject({ host: cat.id, members: [{ playerId: cat.id }] })
  expect((await dan.asks('lobby:quick', { mode: 'party' })).lobby.id).toBe(own.lobby.id)
  expect(await dan.asks('lobby:join', { lobbyId: lobby.id })).toMatchObject({ ok: true })
})

test('[LO25] to begin to watch ten times at once, and then once a second, is enough for anyone', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const tab = await world.again(ann)
  for (let n = 0; n < 10; n++) expect(await (n % 2 ? ann : tab).asks('lobby:watch')).toMatchObject({ ok: true })
  expect(await tab.asks('lobby:watch')).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfterMs: 1_000 } })
  await world.clock.advance(1_000)
  expect(await ann.asks('lobby:watch')).toMatchObject({ ok: true })
})

test('[LO25] setting and trying passwords is rate limited, also for the right one', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const secret = { mode: 'duel', name: 'x', visibility: 'public', password: 'p' }
  for (let n = 0; n < 10; n++) expect(await ann.asks('lobby:create', secret)).toMatchObject({ ok: true })
  for (let n = 0; n < 9; n++) expect(await ann.asks('lobby:update', { password: 'p' })).toMatchObject({ ok: true })
  const { lobby } = await ann.asks('lobby:update', { password: 'p' })
  const limited = { error: { code: 'RATE_LIMITED', retryAfterMs: 1_000 } }
  expect(await ann.asks('lobby:update', { password: 'q' })).toMatchObject(limited)
  expect(await ann.asks('lobby:update', { password: null })).toMatchObject({ lobby: { hasPassword: false } })
  await world.clock.advance(1_000)
  expect(await ann.asks('lobby:update', { password: 'p' })).toMatchObject({ ok: true })
  for (let n = 0; n < 20; n++) {
    expect(await bob.asks('lobby:join', { lobbyId: lobby.id, password: 'p' })).toMatchObject({ ok: true })
    await bob.asks('lobby:leave')
  }
  expect(await bob.asks('lobby:join', { lobbyId: lobby.id, password: 'p' })).toMatchObject(limited)
  expect(await bob.asks('lobby:create', secret)).toMatchObject(limited)
})

test.each([
  ['a store that is away is tried again until it is there', 'the store is away'],
  ['a bug of ours is logged once and not tried again', 'a bug'],
])('[LO75] %s', async (_, fails) => {
  const here = new Set(['ann', 'bob'])
  const memory = openMemoryRecordStore()
  let isFailing = false
  const errors: string[] = []
  const quiet = () => {}
  const { lobbies, clock } = lobbiesOf(here, {
    records: {
      ...memory,
      write: async (changes) => {
        if (isFailing && fails === 'the store is away') throw new Error('no room on the disk')
        await memory.write(changes)
      },
    },
    deliver: () => {
      if (isFailing && fails === 'a bug') throw new Error('a bug')
    },
    log: { debug: quiet, info: quiet, warn: quiet, error: (_fields, phrase) => void errors.push(phrase) },
  })
  const made = await lobbies.create({ id: playerId('ann'), name: 'ann' }, about)
  if (!made.ok) throw new Error('no lobby')
  await lobbies.join({ id: playerId('bob'), name: 'bob', address: '1.1.1.1' }, { lobbyId: made.lobby.id })
  const idle = clock.pending
  isFailing = true
  here.delete('bob')
  lobbies.departed(playerId('bob'))
  await clock.advance(3_500)
  expect(errors).toHaveLength(fails === 'a bug' ? 1 : 4)
  isFailing = false
  await clock.advance(1_500)
  expect(errors).toHaveLength(fails === 'a bug' ? 1 : 4)
  // One timer more: for the grace of the member who is away.
  expect(clock.pending - idle).toBe(1)
  expect(lobbies.lobbyOf(playerId('ann'))?.members).toContainEqual(
    expect.objectContaining({ playerId: 'bob', awayUntil: expect.any(Number) }),
  )
  await lobbies.stop()
})
