import { expect, test } from 'vitest'
import { pageOf } from '../../src/admin/pages.ts'
import { FakeClock } from '../support/clock.ts'
import { partyOf } from '../support/parties.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const ADMIN_TOKEN = 'the token of those who run it'
const env = { ADMIN_TOKEN }
const blitz = { id: 'blitz', teams: { count: 2, size: 1 }, countdownMs: 0 }

const tries = (world: World) => world.logged.filter(({ phrase }) => phrase === 'operator refused').length

async function refusalOf(world: World, token: unknown, title?: string): Promise<string> {
  const stranger = world.stranger({ token }, title)
  const before = tries(world)
  stranger.admin.connect()
  await world.until(() => tries(world) > before)
  await world.clock.advance(1_000)
  return (await stranger.hears('connect_error')).code
}
const lineOf = (world: World, command: string) =>
  world.logged.filter(({ fields }) => (fields as { command?: string }).command === command).at(-1)?.fields

test('[AD1] only clients with the admin token enter /admin', async () => {
  const world = await startWorld({ env })
  const ann = await world.player('ann')
  for (const wrong of [undefined, null, '', 5, {}, ann.session.token, `${ADMIN_TOKEN} `, ADMIN_TOKEN.slice(1)]) {
    expect(await refusalOf(world, wrong), String(wrong)).toBe('UNAUTHENTICATED')
  }
  const operator = await world.operator()
  expect(await operator.asks('admin:overview')).toMatchObject({ ok: true })
  expect(JSON.stringify(world.logged)).not.toContain(ADMIN_TOKEN)
})

test.each([undefined, 'chess'])(
  '[AD1] without an admin token /admin does not exist, in the title %s',
  async (title) => {
    const world = await startWorld({ titles: { chess: { modes: [blitz] } } })
    const stranger = world.stranger({ token: ADMIN_TOKEN }, title)
    stranger.admin.connect()
    expect((await stranger.hears('connect_error')).code).toBe('INVALID_NAMESPACE')
    expect(world.census().titles).toBe(0)
  },
)

test('[AD1] a wrong token is answered with a message for operators', async () => {
  const world = await startWorld({ env })
  const stranger = world.stranger({ token: 'wrong' })
  stranger.admin.connect()
  await world.until(() => tries(world) === 1)
  await world.clock.advance(300)
  const { message } = await stranger.hears('connect_error')
  expect(message).toMatch(/admin token/)
  expect(message).not.toMatch(/guest/)
})

test('[AD1] wrong tokens are answered slowly, then the connection is closed', async () => {
  const world = await startWorld({ env })
  const ann = await world.player('ann')
  const guess = ann.lobby.io.socket('/admin', { auth: { token: 'a guess, and another guess' } })
  const answers: string[] = []
  guess.on('connect_error', (fault: Error & { data?: { code: string } }) => answers.push(fault.data?.code ?? ''))
  for (let n = 1; n <= 5; n++) {
    guess.connect()
    await world.until(() => tries(world) === n)
    expect(await ann.asks('queue:leave')).toMatchObject({ error: { code: 'NOT_QUEUED' } })
    expect(answers).toHaveLength(n - 1)
    await world.clock.advance(300)
    await world.until(() => answers.length === n || ann.lobby.disconnected)
  }
  expect(await ann.hears('disconnect')).toBe('transport close')
})

test('[AD2] the overview counts matches by mode and state, and names the open titles', async () => {
  const startedAt = new FakeClock().now()
  const world = await startWorld({ env, titles: { chess: { modes: [blitz] } }, mode: { countdownMs: 0 } })
  await world.playing('ann', 'bob')
  const cat = await world.player('cat')
  await cat.asks('party:create')
  await cat.asks('queue:join', { mode: 'squad' })
  await world.playerOf('chess', 'dan')
  const operator = await world.operator()
  await world.clock.advance(5_000)
  expect(await operator.asks('admin:overview')).toEqual({
    ok: true,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    uptimeMs: world.clock.now() - startedAt,
    connections: 3,
    sizes: { players: 3, tickets: 1, matches: 1, rooms: 1, lobbies: 0, parties: 1 },
    matches: [{ mode: 'duel', state: 'playing', count: 1 }],
    titles: [{ title: 'chess', sizes: expect.objectContaining({ players: 1, tickets: 0, matches: 0, rooms: 0 }) }],
  })
})

test('[AD2] matches and players are listed, and one match can be inspected', async () => {
  const world = await startWorld({ env, mode: { countdownMs: 0, properties: { visibility: { hand: 'own' } } } })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const cat = await world.player('cat')
  await cat.asks('queue:join', { mode: 'duel' })
  await ann.asks('match:set', { key: 'hand', value: 'a secret card' })
  const operator = await world.operator()
  expect(await operator.asks('admin:matches')).toEqual({
    ok: true,
    matches: [{ matchId, mode: 'duel', state: 'playing', outcome: null, players: 2, spectators: 0 }],
  })
  const { players } = await operator.asks('admin:players')
  const byName = Object.fromEntries(players.map((player: { name: string }) => [player.name, player]))
  expect(byName).toEqual({
    ann: { playerId: ann.id, name: 'ann', status: 'inMatch', connections: 2, matchId },
    bob: { playerId: bob.id, name: 'bob', status: 'inMatch', connections: 2, matchId },
    cat: { playerId: cat.id, name: 'cat', status: 'queued', connections: 1 },
  })
  const seen = await operator.asks('admin:match', { matchId })
  expect(seen).toMatchObject({ match: { matchId, state: 'playing', seats: [{ name: 'ann' }, { name: 'bob' }] } })
  expect(seen.changesAt).toBe(seen.match.deadline.at)
  expect(seen.events.at(-1)).toMatchObject({ seq: seen.seq, type: 'property.set', key: 'hand' })
  expect(JSON.stringify(seen)).not.toContain('secret card')
  expect(await operator.asks('admin:match', { matchId: 'x' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
})

test('[AD2] a list comes in pages without gaps', () => {
  const ids = Array.from({ length: 250 }, (_, n) => `m${n}`)
  const first = pageOf(ids, (id) => id)
  const second = pageOf(ids, (id) => id, first.cursor)
  const without = ids.filter((id) => id !== second.cursor)
  const third = pageOf(without, (id) => id, second.cursor)
  expect([first, second, third].map(({ page }) => page.length)).toEqual([100, 100, 50])
  expect(third.cursor).toBeUndefined()
  expect([...first.page, ...second.page, ...third.page].toSorted()).toEqual(ids.toSorted())
})

test('[AD3] requests of operators follow the same rules as those of players', async () => {
  const world = await startWorld({ env })
  const operator = await world.operator()
  expect(await operator.asks('admin:kick', { playerId: 'x' })).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  expect(await operator.asks('admin:ban', { playerId: 'x', reason: 'y' })).toMatchObject({
    error: { code: 'UNKNOWN_EVENT' },
  })
  const ann = await world.player('ann')
  expect(await ann.lobby.emitWithAck('admin:overview', {})).toMatchObject({ error: { code: 'UNKNOWN_EVENT' } })
})

test('[AD4] every command is logged with its operator and reason', async () => {
  const world = await startWorld({ env })
  const operator = await world.operator()
  const ann = await world.player('ann')
  await operator.asks('admin:kick', { playerId: ann.id, reason: 'was rude' })
  expect(lineOf(world, 'kick')).toEqual({
    operator: operator.admin.id,
    command: 'kick',
    player: ann.id,
    reason: 'was rude',
  })
  await operator.asks('admin:end', { matchId: 'm', reason: 'stuck' })
  expect(lineOf(world, 'end')).toMatchObject({ match: 'm', reason: 'stuck', refused: 'NOT_FOUND' })
})

test('[AD5] [SE71] a kicked player is disconnected on all devices, and out of the match and the queue', async () => {
  const world = await startWorld({ env })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const secondTab = await world.again(ann)
  const cat = await world.player('cat')
  const { ticket } = await cat.asks('queue:join', { mode: 'duel' })
  const operator = await world.operator()

  expect(await operator.asks('admin:kick', { playerId: ann.id, reason: 'x' })).toEqual({
    ok: true,
    connections: 3,
    matchId,
  })
  for (const tab of [ann, secondTab]) {
    expect(await tab.hears('session:ended')).toMatchObject({ code: 'FORBIDDEN' })
    expect(await tab.hears('disconnect')).toBe('io server disconnect')
  }
  expect(await bob.hears('match:event', ({ type }) => type === 'player.left')).toMatchObject({ seat: 0, why: 'quit' })
  const back = await world.again(ann)
  expect(back.session.resumed).toEqual({})
  expect(await back.joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })

  await operator.asks('admin:kick', { playerId: cat.id, reason: 'x' })
  expect(await cat.hears('queue:ended')).toEqual({ ticketId: ticket.id, reason: 'cancelled' })
  expect(await cat.hears('disconnect')).toBe('io server disconnect')
  expect(await operator.asks('admin:kick', { playerId: cat.id, reason: 'x' })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  })
})

test('[AD5] [PA5] a kicked player leaves the lobby, and the next member becomes host', async () => {
  const world = await startWorld({ env })
  const [ann, bob] = await world.players('ann', 'bob')
  const { lobby } = await ann.asks('lobby:create', { mode: 'duel', name: 'us', visibility: 'public' })
  expect(await bob.asks('lobby:join', { lobbyId: lobby.id })).toMatchObject({ ok: true })
  const operator = await world.operator()
  await operator.asks('admin:kick', { playerId: ann.id, reason: 'x' })
  const { lobby: now } = await bob.hears('lobby:state', ({ lobby: one }) => one.members.length === 1)
  expect(now).toMatchObject({ host: bob.id })
  bob.drops()
  expect(await operator.hears('admin:player', ({ left }) => left)).toMatchObject({
    playerId: bob.id,
    left: [`lobby:${lobby.id}`],
  })
})

test('[AD5] a kicked player, connected or not, leaves the party, and the next member leads it', async () => {
  const world = await startWorld({ env })
  const { party, members } = await partyOf(world, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = members
  const operator = await world.operator()
  expect(await operator.asks('admin:kick', { playerId: ann.id, reason: 'x' })).toMatchObject({ ok: true })
  expect(await bob.hears('party:state')).toMatchObject({ party: { id: party.id, leaderId: bob.id } })
  expect((await world.again(ann)).session.resumed).toEqual({})
  cat.drops()
  await bob.hears('party:state', ({ party: { members: now } }) => now[1].status === 'away')
  expect(await operator.asks('admin:kick', { playerId: cat.id, reason: 'x' })).toEqual({ ok: true, connections: 0 })
  expect(await bob.hears('party:state')).toMatchObject({ party: { members: [{ playerId: bob.id }] } })
})

test('[AD5] a player kicked during a ready check has declined', async () => {
  const world = await startWorld({ env, mode: { readyCheckMs: 10_000 } })
  const [ann, bob] = await world.players('ann', 'bob')
  for (const player of [ann, bob]) await player.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  const { matchId } = await ann.hears('match:proposed')
  const operator = await world.operator()
  await operator.asks('admin:kick', { playerId: ann.id, reason: 'x' })
  expect(await bob.hears('match:cancelled')).toEqual({ matchId, reason: 'declined', requeued: true })
})

async function ends(operator: Player, matchId: string) {
  expect(await operator.asks('admin:end', { matchId, reason: 'x' })).toEqual({ ok: true })
  expect(await operator.asks('admin:end', { matchId, reason: 'x' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
}

test('[AD6] a match ended before play is cancelled, and its players search on', async () => {
  const world = await startWorld({ env })
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await ann.joins(matchId)
  await ends(await world.operator(), matchId)
  expect(await ann.hears('match:closed')).toEqual({ matchId, outcome: 'cancelled' })
  for (const player of [ann, bob]) {
    expect(await player.hears('match:cancelled')).toEqual({ matchId, reason: 'operator', requeued: true })
  }
})

test('[AD6] a match ended during the ready check is cancelled, and the same tickets search on', async () => {
  const world = await startWorld({ env, mode: { readyCheckMs: 10_000 } })
  const [ann, bob] = await world.players('ann', 'bob')
  for (const player of [ann, bob]) await player.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  const { matchId } = await ann.hears('match:proposed')
  await ends(await world.operator(), matchId)
  for (const player of [ann, bob]) {
    expect(await player.hears('match:cancelled')).toEqual({ matchId, reason: 'operator', requeued: true })
    expect(await player.heardSoFar('queue:ended')).toEqual([])
  }
})

test('[AD6] a match ended in play is aborted, and a decided result stays', async () => {
  const world = await startWorld({ env })
  const { group, matchId } = await world.playing('ann', 'bob')
  const operator = await world.operator()
  await ends(operator, matchId)
  for (const player of group) expect(await player.hears('match:closed')).toEqual({ matchId, outcome: 'aborted' })

  const again = await world.queue(group)
  for (const player of group) await player.joins(again)
  await world.clock.advance(3_000)
  for (const player of group) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  await ends(operator, again)
  expect(await group[0].hears('match:closed')).toMatchObject({ matchId: again, outcome: 'completed' })
})

test('[AD7] a notice reaches everyone', async () => {
  const world = await startWorld({ env })
  const ann = await world.player('ann')
  const operator = await world.operator()
  await operator.asks('admin:notice', { text: 'back in an hour' })
  for (const one of [ann, operator]) {
    expect(await one.hears('server:notice')).toEqual({ text: 'back in an hour', at: world.clock.now() })
  }
})

test('[AD8] dashboards hear the counts once a second, while there are any', async () => {
  const world = await startWorld({ env })
  const operator = await world.operator()
  await world.player('ann')
  await world.clock.advance(2_500)
  const heard = await operator.heardSoFar('admin:stats')
  expect(heard).toHaveLength(2)
  expect(heard[1]).toEqual({
    at: heard[0].at + 1_000,
    connections: 1,
    sizes: expect.objectContaining({ players: 1, tickets: 0, matches: 0, rooms: 0 }),
  })
  const pending = world.clock.pending
  operator.leaves()
  await world.until(() => world.clock.pending === pending - 1)
})

test('[AD8] dashboards hear of players and matches that come and go', async () => {
  const world = await startWorld({ env, mode: { countdownMs: 0, endWhen: 'nobodyLeft' } })
  const operator = await world.operator()
  const ann = await world.player('ann')
  expect(await operator.hears('admin:player')).toEqual({
    playerId: ann.id,
    name: 'ann',
    status: 'online',
    connections: 1,
  })
  const bob = await world.player('bob')
  const matchId = await world.queue([ann, bob])
  for (const [status, more] of [
    ['queued', {}],
    ['inMatch', { matchId }],
  ] as const) {
    expect(await operator.hears('admin:player', (news) => news.status === status && news.name === 'ann')).toEqual({
      playerId: ann.id,
      name: 'ann',
      status,
      connections: 1,
      ...more,
    })
  }
  const brief = { matchId, mode: 'duel', outcome: null, players: 2, spectators: 0 }
  expect(await operator.hears('admin:match')).toEqual({ ...brief, state: 'gathering' })
  for (const player of [ann, bob]) await player.joins(matchId)
  expect(await operator.hears('admin:match')).toEqual({ ...brief, state: 'playing' })
  await ann.asks('match:leave')
  await bob.asks('match:leave')
  expect(await operator.hears('admin:match', ({ state }) => state === 'closed')).toMatchObject({
    matchId,
    outcome: 'abandoned',
  })
  ann.leaves()
  expect(await operator.hears('admin:player', ({ status }) => status === 'offline')).toMatchObject({
    playerId: ann.id,
    connections: 0,
  })
})

test('[AD9] operators of a title see and change only that title', async () => {
  const own = 'the token of the chess club'
  const titles = { chess: { modes: [blitz], adminToken: own }, go: { modes: [blitz] } }
  const world = await startWorld({ env, titles })
  const ann = await world.player('ann')
  const dan = await world.playerOf('chess', 'dan')
  expect(await refusalOf(world, ADMIN_TOKEN, 'chess')).toBe('UNAUTHENTICATED')
  expect(await refusalOf(world, own)).toBe('UNAUTHENTICATED')
  const operator = await world.stranger({ token: own }, 'chess').oversees()
  expect(await operator.asks('admin:overview')).toMatchObject({ sizes: { players: 1 }, titles: [] })
  expect((await operator.asks('admin:players')).players).toMatchObject([{ playerId: dan.id }])
  expect(await operator.asks('admin:kick', { playerId: ann.id, reason: 'x' })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  })
  const eve = await world.player('eve')
  expect(await operator.heardSoFar('admin:player')).toEqual([])
  expect(eve.session.name).toBe('eve')
  expect(await (await world.operator('go')).asks('admin:overview')).toMatchObject({ sizes: { players: 0 } })
})
