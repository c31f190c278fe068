import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { Server } from 'socket.io'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../src/config/config.ts'
import { keySetsOf } from '../src/gateway/auth/key-set.ts'
import { createLoopTurns } from '../src/gateway/guard/loop-turns.ts'
import type { RecordStore } from '../src/lobby/record-store.ts'
import { openMemoryMatchStore } from '../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../src/stores/memory/record-store.ts'
import type { TitleStores } from '../src/stores/title-stores.ts'
import { checkTitleKeys } from '../src/title/keys.ts'
import { createTitles } from '../src/title/titles.ts'
import { alwaysServing } from '../src/util/outage.ts'
import { FakeClock } from './support/clock.ts'
import { Player } from './support/player.ts'
import { startProcess } from './support/process.ts'
import { startWorld, type World } from './support/world.ts'

const SECRET = 'the secret of the game backend'
const jwt = (sub: string, secret = SECRET, claims: object = {}) =>
  new SignJWT({ sub, name: sub, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(4_000_000_000)
    .sign(new TextEncoder().encode(secret))

const blitz = { id: 'blitz', teams: { count: 2, size: 1 }, countdownMs: 0 }
const titles = { chess: { modes: [blitz] }, go: { modes: [blitz] } }

async function refusalOf(stranger: Player): Promise<string> {
  stranger.lobby.connect()
  return (await stranger.hears('connect_error')).code
}
const namesOf = (world: World) => [...world.server.io._nsps.keys()].sort()

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'muster-titles-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** The titles alone, without a server. */
function titlesOn(clock: FakeClock, open: TitleStores['open']) {
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const services = {
    io: new Server(),
    readers: { look: quiet, stop: quiet },
    isVerbose: false,
    about: { version: '1', node: 'n', startedAt: 0 },
    wallNow: () => clock.now(),
    keySets: keySetsOf({ clock, log }),
    clock: { ...alwaysServing(clock), onStall: () => () => {} },
    newId: () => 'id',
    log,
    random: () => 0.5,
    turns: createLoopTurns({ elapsed: () => 0, log }),
    elapsed: () => 0,
    setAside: new Map(),
    queueLog: null,
  }
  const keys = { sessionSecret: SECRET, backend: {}, admin: null }
  const configured = readConfig({ titles }, 'the test').titles
  return createTitles({ services, configured, keys, stores: { stored: () => [], open, copyAll: async () => {} } })
}

/** Two players of a title who sit in one match. */
async function pairIn(world: World, title: string, names: [string, string], mode = 'blitz') {
  const pair = [await world.playerOf(title, names[0]), await world.playerOf(title, names[1])] as const
  for (const player of pair) expect(await player.asks('queue:join', { mode })).toMatchObject({ ok: true })
  await world.clock.advance(0)
  const { matchId } = await pair[0].hears('match:found')
  for (const player of pair) expect(await player.joins(matchId)).toMatchObject({ ok: true })
  return { pair, matchId }
}

test('[TI1] a title’s namespaces are opened for its first client, and only for a configured title', async () => {
  const world = await startWorld({ titles })
  expect(namesOf(world)).toEqual(['/', '/lobby', '/match'])
  expect(await refusalOf(world.stranger({}, 'checkers'))).toBe('INVALID_NAMESPACE')
  const [ann, bob] = await Promise.all([world.playerOf('chess', 'ann'), world.playerOf('chess', 'bob')])
  expect(namesOf(world)).toEqual(['/', '/chess/lobby', '/chess/match', '/lobby', '/match'])
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ error: { code: 'UNKNOWN_MODE' } })
  for (const player of [ann, bob])
    expect(await player.asks('queue:join', { mode: 'blitz' })).toMatchObject({ ok: true })
  await world.clock.advance(0)
  expect(await ann.hears('match:found')).toMatchObject({ mode: 'blitz' })
})

test('[TI2] a player id in two titles is two players: queue, seat, presence and matches are separate', async () => {
  const world = await startWorld({ titles, env: { JWT_SECRET: SECRET } })
  const token = await jwt('ann')
  const at = (title?: string) => world.stranger({ token }, title).arrive()
  const [own, chess, go] = [await at(), await at('chess'), await at('go')]
  expect([own.id, chess.id, go.id]).toEqual(['ann', 'ann', 'ann'])

  expect(await chess.asks('queue:join', { mode: 'blitz' })).toMatchObject({ ok: true })
  expect(await go.asks('queue:join', { mode: 'blitz' })).toMatchObject({ ok: true })
  expect(await own.asks('queue:leave')).toMatchObject({ error: { code: 'NOT_QUEUED' } })
  await world.clock.advance(5_000)
  expect(await chess.heardSoFar('match:found')).toEqual([])

  const bob = await world.playerOf('chess', 'bob')
  await bob.asks('queue:join', { mode: 'blitz' })
  await world.clock.advance(0)
  const { matchId } = await chess.hears('match:found')
  expect(await go.heardSoFar('match:found')).toEqual([])
  expect(await go.joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await go.asks('queue:leave')).toMatchObject({ outcome: 'cancelled' })
  expect(await chess.asks('queue:leave')).toMatchObject({ outcome: 'tooLate', matchId })
})

test('[TI3] a session of one title, or of the service, is not accepted by another', async () => {
  const world = await startWorld({ titles, env: { JWT_SECRET: SECRET } })
  const own = await world.player('ann')
  const chess = await world.playerOf('chess', 'ann')
  expect(await refusalOf(world.stranger({ token: own.session.token }, 'chess'))).toBe('UNAUTHENTICATED')
  expect(await refusalOf(world.stranger({ token: chess.session.token }, 'go'))).toBe('UNAUTHENTICATED')
  expect(await refusalOf(world.stranger({ token: chess.session.token }))).toBe('UNAUTHENTICATED')
  const back = await world.stranger({ token: chess.session.token }, 'chess').arrive()
  expect(back.id).toBe(chess.id)
})

test('[TI3] a title with its own keys accepts only those', async () => {
  const ownSecret = 'the secret of the chess backend'
  const chess = { modes: [blitz], jwtSecret: ownSecret, sessionSecret: 'sessions of chess alone' }
  const world = await startWorld({ titles: { ...titles, chess }, env: { JWT_SECRET: SECRET } })
  expect(await refusalOf(world.stranger({ token: await jwt('ann') }, 'chess'))).toBe('UNAUTHENTICATED')
  expect(await refusalOf(world.stranger({ token: await jwt('ann', ownSecret) }, 'go'))).toBe('UNAUTHENTICATED')
  expect((await world.stranger({ token: await jwt('ann', ownSecret) }, 'chess').arrive()).id).toBe('ann')
  expect((await world.stranger({ token: await jwt('ann') }, 'go').arrive()).id).toBe('ann')
})

test('[TI20] titles that share a secret reject each other’s sessions, and the service’s', async () => {
  const shared = { modes: [blitz], sessionSecret: 'a secret for tests only' }
  const world = await startWorld({ titles: { chess: shared, go: shared } })
  const sessions = {
    chess: (await world.playerOf('chess', 'ann')).session.token,
    go: (await world.playerOf('go', 'ann')).session.token,
    own: (await world.player('ann')).session.token,
  }
  for (const [from, token] of Object.entries(sessions)) {
    for (const [to, title] of [
      ['chess', 'chess'],
      ['go', 'go'],
      ['own', undefined],
    ] as const) {
      if (from === to) expect((await world.stranger({ token }, title).arrive()).session.name).toBe('ann')
      else expect(await refusalOf(world.stranger({ token }, title)), `${from} at ${to}`).toBe('UNAUTHENTICATED')
    }
  }
})

test('[TI21] a title without a key may require its own issuer and audience of the service’s backend', async () => {
  const env = { JWT_SECRET: SECRET, JWT_ISSUER: 'game', JWT_AUDIENCE: 'all' }
  const chess = { modes: [blitz], jwtAudience: 'chess' }
  const go = { modes: [blitz], jwtIssuer: 'go-game' }
  const world = await startWorld({ titles: { chess, go }, env })
  const token = (iss: string, aud: string) => jwt('ann', SECRET, { iss, aud })
  const taken: [title: string, iss: string, aud: string][] = [
    ['chess', 'game', 'chess'],
    ['go', 'go-game', 'all'],
  ]
  for (const [title, iss, aud] of taken)
    expect((await world.stranger({ token: await token(iss, aud) }, title).arrive()).id).toBe('ann')
  for (const [title, iss, aud] of [
    ['chess', 'game', 'all'],
    ['chess', 'go-game', 'chess'],
    ['go', 'game', 'all'],
    ['go', 'go-game', 'chess'],
  ] as const)
    expect(await refusalOf(world.stranger({ token: await token(iss, aud) }, title))).toBe('UNAUTHENTICATED')
})

test.each([
  [{ jwtAudience: 'chess' }, /^title "chess": jwtAudience: there is no key/],
  [{ jwtIssuer: 'chess' }, /^title "chess": jwtIssuer: there is no key/],
  [{ jwtRequireExp: false }, /^title "chess": jwtRequireExp: there is no key/],
])('[TI21] %j of a title without a key stops the start', (own, message) => {
  const { titles: given } = readConfig({ titles: { chess: own } }, 'muster.config.ts')
  const service = { sessionSecret: SECRET, backend: {}, admin: null }
  expect(() => checkTitleKeys(given, service)).toThrow(message)
  expect(() => checkTitleKeys(given, { ...service, backend: { secret: SECRET } })).not.toThrow()
})

test('[TI4] an unused title is closed, and opened again for the next client', async () => {
  const world = await startWorld({ titles })
  for (let n = 0; n < 3; n++) {
    const { pair } = await pairIn(world, 'chess', ['ann', 'bob'])
    for (const player of pair) player.leaves()
    await world.until(() => world.server.io.engine.clientsCount === 0)
    await world.clock.advance(10_000)
    // Both may come back yet: the match keeps the title.
    expect(world.census()).toMatchObject({ titles: 1 })
    await world.clock.advance(60_000)
    expect(namesOf(world)).toEqual(['/', '/lobby', '/match'])
    expect(world.census()).toMatchObject({ titles: 0 })
  }
  const lone = await world.playerOf('chess', 'lone')
  await world.clock.advance(60_000)
  expect(await lone.asks('queue:join', { mode: 'blitz' })).toMatchObject({ ok: true })
})

test('[TI4] a client that connects while a title closes finds it open again', async () => {
  const world = await startWorld({ titles, env: { DATA_DIR: newDirectory() } })
  const ann = await world.playerOf('chess', 'ann')
  ann.leaves()
  await world.until(() => world.server.io.engine.clientsCount === 0)
  const [, bob, cat] = await Promise.all([
    world.clock.advance(5_000),
    world.playerOf('chess', 'bob'),
    world.playerOf('chess', 'cat'),
  ])
  for (const player of [bob, cat])
    expect(await player.asks('queue:join', { mode: 'blitz' })).toMatchObject({ ok: true })
  await world.clock.advance(0)
  expect((await bob.hears('match:found')).matchId).toBe((await cat.hears('match:found')).matchId)
})

test('[TI4] a title is opened once for all handshakes, and not before it has closed', async () => {
  const clock = new FakeClock()
  const opened: PromiseWithResolvers<void>[] = []
  const closed = Promise.withResolvers<void>()
  const store = { ...openMemoryMatchStore(), close: () => closed.promise }
  const all = titlesOn(clock, async () => {
    const gate = Promise.withResolvers<void>()
    opened.push(gate)
    await gate.promise
    return { store, records: openMemoryRecordStore(), isLasting: false }
  })
  const knocks = [all.open('/chess/lobby'), all.open('/chess/match'), all.open('/chess/lobby')]
  await clock.advance(0)
  expect(opened).toHaveLength(1)
  opened[0]?.resolve()
  for (const knock of knocks) await knock
  expect(all.all().size).toBe(1)

  await clock.advance(5_000)
  expect(all.all().size).toBe(0)
  const again = all.open('/chess/lobby')
  await clock.advance(0)
  expect(opened).toHaveLength(1)
  closed.resolve()
  await clock.advance(0)
  expect(opened).toHaveLength(2)
  opened[1]?.resolve()
  await again
  expect(all.all().size).toBe(1)
  await Promise.all([all.drain(), all.close()])
  expect(clock.pending).toBe(0)
})

test('[TI7] a title whose restore fails leaves no timers, and the next try restores all of it', async () => {
  const clock = new FakeClock()
  const memory = openMemoryRecordStore()
  const members = [{ id: 'ann', name: 'ann' }]
  const value = { mode: 'blitz', members, wishes: {}, queuedAt: clock.now(), ratings: [{ mu: 1_500, sigma: 1 }] }
  await memory.write([{ kind: 'ticket', id: 'ticket', value }])
  let isAway = true
  const load: RecordStore['load'] = async (kind) => {
    if (isAway && kind === 'lobby') throw new Error('the disk is away')
    return memory.load(kind)
  }
  const records = { ...memory, load }
  const all = titlesOn(clock, async () => ({ store: openMemoryMatchStore(), records, isLasting: true }))
  await all.open('/chess/lobby')
  expect([all.all().size, clock.pending]).toEqual([0, 0])
  isAway = false
  await clock.advance(1_000)
  await all.open('/chess/lobby')
  expect(all.all().get('chess')?.queue.size()).toBe(1)
  await all.drain()
  await all.close()
  expect(clock.pending).toBe(0)
})

test('[TI5] one connection may play in several titles, each with its own relay', async () => {
  const world = await startWorld({ titles })
  const chess = await pairIn(world, 'chess', ['ann', 'bob'])
  const go = await pairIn(world, 'go', ['cat', 'dan'])
  const [ann, bob] = chess.pair
  const { io } = go.pair[0].lobby
  const tab = io.socket('/chess/match', { auth: { token: ann.session.token } })
  await new Promise<void>((resolve) => {
    tab.on('connect', resolve)
    tab.connect()
  })
  await tab.emitWithAck('match:join', { matchId: chess.matchId })
  tab.emit('match:send', 'to chess')
  go.pair[0].sends('to go')
  expect(await bob.hears('match:message')).toEqual([0, 'to chess'])
  expect(await go.pair[1].hears('match:message')).toEqual([0, 'to go'])
  const heard = new Promise((resolve) => tab.once('match:message', (...args) => resolve(args)))
  bob.sends('back')
  expect(await heard).toEqual([1, 'back'])
  tab.disconnect()
  for (const player of [bob, go.pair[1], go.pair[0]]) expect(await player.heardSoFar('match:message')).toEqual([])
})

test('[TI6] a restart restores the match of a title, for a player who reconnects at once', async () => {
  const directory = newDirectory()
  const MUSTER_CONFIG = join(directory, 'config.mjs')
  writeFileSync(MUSTER_CONFIG, `export default { titles: ${JSON.stringify(titles)} }`)
  mkdirSync(join(directory, 'data', 'titles', 'bygone'), { recursive: true })
  const env = { DATA_DIR: join(directory, 'data'), MUSTER_CONFIG }
  const arrive = async (url: string, token?: string) => {
    const player = await new Player(url, { title: 'chess', token }).arrive()
    onTestFinished(() => player.leaves())
    return player
  }
  const first = startProcess(env)
  const url = await first.url
  const pair = [await arrive(url), await arrive(url)] as const
  for (const player of pair) await player.asks('queue:join', { mode: 'blitz' })
  const { matchId } = await pair[0].hears('match:found')
  for (const player of pair) await player.joins(matchId)
  expect(await pair[0].asks('match:act', { type: 'e4', id: '1' })).toMatchObject({ ok: true })
  first.kill('SIGKILL')
  await first.exit

  const next = startProcess(env)
  const nextUrl = await next.url
  const back = [await arrive(nextUrl, pair[0].session.token), await arrive(nextUrl, pair[1].session.token)] as const
  expect(back[1].session.resumed.match).toMatchObject({ matchId, seat: 1 })
  expect(await back[1].joins(matchId)).toMatchObject({ ok: true, epoch: 2, match: { state: 'playing' } })
  expect(next.lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ title: 'chess', msg: 'matches restored', matches: 1 }),
  )
  next.kill('SIGTERM')
  expect((await back[1].hears('server:draining')).retryAfterMs).toBeGreaterThan(0)
  expect(await next.exit).toEqual({ code: 0, complaint: '' })
})

test('[TI6] drain, readiness and metrics cover all titles', async () => {
  const world = await startWorld({ titles })
  const [ann, bob] = [await world.player('ann'), await world.playerOf('chess', 'bob')]
  await bob.asks('queue:join', { mode: 'blitz' })
  const metrics = await (await fetch(`${world.url}/metrics`)).text()
  for (const line of ['muster_titles 1', 'muster_players 2', 'muster_tickets 1']) expect(metrics).toContain(line)
  const late = world.stranger({}, 'go')
  const closing = world.server.close()
  late.lobby.connect()
  for (const player of [ann, bob]) expect((await player.hears('server:draining')).retryAfterMs).toBeGreaterThan(0)
  expect(await bob.hears('queue:ended')).toMatchObject({ reason: 'drained' })
  expect(await late.hears('connect_error')).toBeDefined()
  await closing
  expect(world.clock.pending).toBe(0)
})

test('[TI7] a title whose data cannot be read is unavailable, other titles are not', async () => {
  const directory = newDirectory()
  mkdirSync(join(directory, 'titles'))
  writeFileSync(join(directory, 'titles', 'chess'), 'no directory')
  const world = await startWorld({ titles, env: { DATA_DIR: directory } })
  expect(await refusalOf(world.stranger({}, 'chess'))).toBe('UNAVAILABLE')
  expect((await world.playerOf('go', 'ann')).session.name).toBe('ann')
  rmSync(join(directory, 'titles', 'chess'))
  await world.clock.advance(1_000)
  expect((await world.playerOf('chess', 'ann')).session.name).toBe('ann')
})

test.each([
  [{ lobby: {} }, /title "lobby": .*none of lobby, match, admin/],
  [{ 'Chess!': {} }, /title "Chess!": a title id is 1 to 32/],
  [{ chess: { modes: [] } }, /title "chess": modes: /],
  [{ chess: { jwtSecret: SECRET, jwksUrl: 'https://game.example/jwks' } }, /chess.*not with both/],
  [{ chess: { jwksUrl: 'https://me:secret@game.example/jwks' } }, /chess.*jwksUrl: no user or password/],
  [{ chess: { jwtAudience: '' } }, /chess.*jwtAudience: may not be empty/],
  [{ chess: { adminToken: 'short' } }, /title "chess": adminToken: a secret has/],
])('[OP3] the titles %j are refused with the name of the wrong field', (given, message) => {
  expect(() => readConfig({ titles: given }, 'muster.config.ts')).toThrow(message)
})

test('[TI2] [RA7] a player has separate ratings in each title', async () => {
  const rated = { ...blitz, rated: true }
  const world = await startWorld({ titles: { chess: { modes: [rated] }, go: { modes: [rated] } } })
  const { pair } = await pairIn(world, 'chess', ['ann', 'bob'])
  for (const player of pair) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  const { ratings } = await pair[1].asks('player:get', { playerId: pair[0].id })
  expect(ratings).toMatchObject([{ mode: 'blitz', matches: 1 }])
  const cat = await world.playerOf('go', 'cat')
  expect(await cat.asks('player:get', { playerId: pair[0].id })).toMatchObject({ error: { code: 'NOT_FOUND' } })
})
