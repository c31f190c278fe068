import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import type { ModeConfig } from '../src/config/config.ts'
import type { Player } from './support/player.ts'
import { startWorld, type World } from './support/world.ts'

const JWT_SECRET = 'a secret of the backend, for tests'
const duel: ModeConfig = {
  id: 'duel',
  teams: { count: 2, size: 1 },
  countdownMs: 0,
  rated: true,
  ratedPerPairPerDay: 1,
}
const checked: ModeConfig = { ...duel, id: 'checked', readyCheckMs: 10_000 }
const open: ModeConfig = { id: 'open', players: { min: 2, max: 3 }, countdownMs: 0, lateJoin: true }
const ALL = [duel, checked, open]

/** Worlds that follow each other on one directory, with a title `chess` beside the service's own. */
function successive() {
  const directory = mkdtempSync(join(tmpdir(), 'muster-titles-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  let now: number | undefined
  return {
    start: (chess: ModeConfig[] = ALL) =>
      startWorld({
        modes: ALL,
        titles: { chess: { modes: chess } },
        env: { DATA_DIR: directory, JWT_SECRET },
        now: now ?? Date.now(),
      }),
    async stop(world: World): Promise<void> {
      await world.server.close()
      now = world.clock.now() + 2_000
    },
  }
}

async function signedIn(world: World, sub: string, title?: string): Promise<Player> {
  const token = await new SignJWT({ name: sub })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime(Math.floor(world.clock.now() / 1000) + 3_600)
    .sign(new TextEncoder().encode(JWT_SECRET))
  return world.stranger({ token }, title).arrive()
}
const both = async (world: World, title?: string): Promise<[Player, Player]> => [
  await signedIn(world, 'ann', title),
  await signedIn(world, 'bob', title),
]

async function queued(world: World, group: readonly Player[], mode: string, event = 'match:found'): Promise<string> {
  for (const player of group) expect(await player.asks('queue:join', { mode })).toMatchObject({ ok: true })
  await world.clock.advance(3_000)
  const found = await Promise.all(group.map((player) => player.hears(event)))
  return found[0].matchId
}
async function playing(world: World, group: readonly Player[], mode: string): Promise<string> {
  const matchId = await queued(world, group, mode)
  for (const player of group) expect(await player.joins(matchId)).toMatchObject({ ok: true })
  return matchId
}

test('[MT62] [TI2] a title keeps the match of a missing mode, and resumes it when the mode is back', async () => {
  const { start, stop } = successive()
  const first = await start()
  const group = await both(first, 'chess')
  const matchId = await playing(first, group, 'duel')
  await group[0].asks('match:set', { key: 'plan', value: 7 })
  await stop(first)

  const without = await start([checked])
  const ann = await signedIn(without, 'ann', 'chess')
  expect(ann.session.resumed).toEqual({})
  expect(await ann.joins(matchId)).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  const eve = await signedIn(without, 'eve', 'chess')
  expect(await eve.joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  await stop(without)

  const back = await start()
  const [again, bob] = await both(back, 'chess')
  expect(again.session.resumed.match).toMatchObject({ matchId })
  for (const player of [again, bob]) expect(await player.joins(matchId)).toMatchObject({ match: { state: 'playing' } })
  const { match } = await again.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(match.properties).toMatchObject({ plan: { value: 7 } })
  for (const player of [again, bob]) await player.asks('match:leave')
})

test('[RA20] [RE23] [TI2] rematches and the limit of rated results are separate for each title', async () => {
  const world = await successive().start()
  const chess = await both(world, 'chess')
  const matchId = await playing(world, chess, 'duel')
  for (const player of chess) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  for (const player of chess) await player.hears('match:event', ({ state }) => state === 'ended')
  for (const player of chess) await player.asks('match:rematch', { accept: true })
  const next = await chess[0].hears('match:found', ({ rematchOf }) => rematchOf === matchId)
  expect(await chess[0].joins(next.matchId)).toMatchObject({ match: { rated: false, unrated: 'pairLimit' } })
  const service = await both(world)
  await playing(world, service, 'duel')
  const { match } = await service[0].asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(match).toMatchObject({ rated: true })
  for (const player of [...chess, ...service]) player.leaves()
})

test('[QU12] [ST40] [TI2] a ready check of a title goes on after a restart, and its penalty belongs to the title', async () => {
  const { start, stop } = successive()
  const first = await start()
  const matchId = await queued(first, await both(first, 'chess'), 'checked', 'match:proposed')
  await stop(first)
  const world = await start()
  const [ann, bob] = await both(world, 'chess')
  expect(bob.session.resumed).toMatchObject({ proposal: { matchId }, ticket: { mode: 'checked' } })
  await ann.asks('match:decline', { matchId })
  await bob.hears('match:cancelled', ({ requeued }) => requeued === true)
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ error: { code: 'QUEUE_PENALTY' } })
  await stop(world)
  const next = await start()
  expect((await signedIn(next, 'ann', 'chess')).session.penalty).toMatchObject({ reason: 'declined' })
  const elsewhere = await signedIn(next, 'ann')
  expect(await elsewhere.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[MT25] [ST40] [TI2] the seat of a late joiner in a title survives a restart', async () => {
  const { start, stop } = successive()
  const first = await start()
  const matchId = await playing(first, await both(first, 'chess'), 'open')
  const cat = await signedIn(first, 'cat', 'chess')
  await queued(first, [cat], 'open')
  await stop(first)
  const world = await start()
  const group = await both(world, 'chess')
  for (const player of group) expect(await player.joins(matchId)).toMatchObject({ ok: true })
  await world.clock.advance(10_000)
  const back = await signedIn(world, 'cat', 'chess')
  expect(back.session.resumed.match).toMatchObject({ matchId })
  expect(await back.joins(matchId)).toMatchObject({ you: { as: 'player' } })
})

test('[LO50] [LO53] [TI2] the lobby of a title plays, plays again, and removes spectators when it becomes private', async () => {
  const { start, stop } = successive()
  const first = await start()
  const [ann, bob] = await both(first, 'chess')
  const { lobby } = await ann.asks('lobby:create', { mode: 'open', name: 'The Keep', visibility: 'public' })
  await bob.asks('lobby:join', { lobbyId: lobby.id })
  await bob.asks('lobby:ready', { ready: true })
  const { matchId } = await ann.asks('lobby:start')
  for (const player of [ann, bob]) await player.joins(matchId)
  const eve = await signedIn(first, 'eve', 'chess')
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject({ you: { as: 'spectator' } })
  await ann.asks('lobby:update', { visibility: 'private' })
  await eve.hears('match:event', ({ why }) => why === 'private')
  await stop(first)

  const world = await start()
  const [host, guest] = await both(world, 'chess')
  expect(host.session.resumed).toMatchObject({ lobby: { id: lobby.id, state: 'inMatch' }, match: { matchId } })
  for (const player of [host, guest]) await player.joins(matchId)
  expect(await (await signedIn(world, 'eve')).joins(matchId, { as: 'spectator' })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  })
  for (const player of [host, guest]) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  for (const player of [host, guest]) await player.hears('match:event', ({ state }) => state === 'ended')
  for (const player of [host, guest]) await player.asks('match:rematch', { accept: true })
  const next = await host.hears('match:found', ({ rematchOf }) => rematchOf === matchId)
  await host.hears('lobby:state', (said) => said.lobby.matchId === next.matchId)
})
