import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

test('[DL1] an action is a line of the log that everyone hears', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const reply = await ann.asks('match:act', { type: 'shoot', data: { x: 1 } })
  for (const player of [ann, bob]) {
    expect(await player.hears('match:event')).toMatchObject({
      type: 'action',
      seq: reply.seq,
      seat: 0,
      action: { type: 'shoot', data: { x: 1 } },
    })
  }
})

test('[DL2] the same id is the same action, once; another action under it is refused', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const first = await ann.asks('match:act', { type: 'shoot', id: 'a1', data: [1] })
  await bob.asks('match:act', { type: 'shoot', id: 'a1' })
  expect(await ann.asks('match:act', { type: 'shoot', id: 'a1', data: [1] })).toEqual(first)
  expect(await ann.asks('match:act', { type: 'shoot', id: 'a1', data: [2] })).toMatchObject({
    error: { code: 'ID_REUSED' },
  })
  ann.drops()
  const returned = await world.again(ann)
  await returned.joins(matchId)
  expect(await returned.asks('match:act', { type: 'shoot', id: 'a1', data: [1] })).toEqual(first)
  const { events } = await bob.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(
    events.filter(({ type, seat }: { type: string; seat: number }) => type === 'action' && seat === 0),
  ).toHaveLength(1)
})

test('[DL2] a retry gets its reply also after the match has ended', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const first = await ann.asks('match:act', { type: 'last', id: 'z' })
  for (const player of [ann, bob]) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  expect(await ann.asks('match:act', { type: 'last', id: 'z' })).toEqual(first)
  expect(await ann.asks('match:act', { type: 'later' })).toMatchObject({ error: { code: 'MATCH_ENDED' } })
})

test('[DL3] an action on an outdated view is refused', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const { seq } = await ann.asks('match:act', { type: 'one' })
  expect(await bob.asks('match:act', { type: 'two', ifSeq: seq - 1 })).toMatchObject({ error: { code: 'STALE_STATE' } })
  expect(await bob.asks('match:act', { type: 'two', ifSeq: seq })).toMatchObject({ seq: seq + 1 })
})

test('[DL4] an action before play, outside a match, or of a reserved type is refused', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  ann.match.connect()
  expect(await ann.asks('match:act', { type: 'x' })).toMatchObject({ error: { code: 'NOT_IN_MATCH' } })
  await ann.joins(matchId)
  expect(await ann.asks('match:act', { type: 'x' })).toMatchObject({ error: { code: 'ILLEGAL_ACTION' } })
  await bob.joins(matchId)
  await world.clock.advance(3_000)
  for (const type of ['xstate.done.actor.x', 'xstate.stop', '*', 'deadline.passed', '1up', '__proto__', 'a b']) {
    expect(await ann.asks('match:act', { type }), type).toMatchObject({ error: { code: 'ILLEGAL_ACTION' } })
  }
})

test('[DL5] a property has a version, and can be swapped only against the one that was seen', async () => {
  const world = await startWorld({ mode: { properties: { maxCount: 2, maxBytes: 10 } } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  expect(await ann.asks('match:set', { key: 'map', value: 'dust', ifVersion: 0 })).toEqual({ ok: true, version: 1 })
  expect(await bob.hears('match:event')).toMatchObject({
    type: 'property.set',
    seat: 0,
    key: 'map',
    value: 'dust',
    version: 1,
  })
  const both = await Promise.all(
    [ann, bob].map((player) => player.asks('match:set', { key: 'map', value: 1, ifVersion: 1 })),
  )
  expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
  expect(both.find(({ ok }) => !ok).error.code).toBe('STALE_STATE')
  expect(await ann.asks('match:set', { key: 'map', value: 'x'.repeat(9) })).toMatchObject({
    error: { code: 'TOO_LARGE' },
  })
  expect(await ann.asks('match:set', { key: 'map' })).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  await ann.asks('match:set', { key: 'other', value: null })
  expect(await ann.asks('match:set', { key: 'third', value: 1 })).toMatchObject({ error: { code: 'TOO_LARGE' } })
  const { match } = await bob.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(match.properties).toEqual({ map: { value: 1, version: 2 }, other: { value: null, version: 1 } })
})

test('[DL6] [MT23] a property is seen by those it is for', async () => {
  const visibility = { team: 'members', secret: 'own' } as const
  const world = await startWorld({ mode: { properties: { visibility } } })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const eve = await world.player('eve')
  await eve.joins(matchId, { as: 'spectator' })
  for (const player of [ann, bob]) await player.hears('match:event')
  for (const key of ['team', 'secret', 'open']) await ann.asks('match:set', { key, value: `${key}!` })
  await bob.asks('match:set', { key: 'secret', value: 'bobs' })
  const heard = async (player: typeof ann) =>
    (await player.heardSoFar('match:event')).map(({ key, value }) => [key, value])
  expect(await heard(ann)).toEqual([
    ['team', 'team!'],
    ['secret', 'secret!'],
    ['open', 'open!'],
    ['secret', undefined],
  ])
  expect(await heard(bob)).toEqual([
    ['team', 'team!'],
    ['secret', undefined],
    ['open', 'open!'],
    ['secret', 'bobs'],
  ])
  expect(await heard(eve)).toEqual([
    ['team', undefined],
    ['secret', undefined],
    ['open', 'open!'],
    ['secret', undefined],
  ])
  const seen = async (player: typeof ann) => {
    const { match, events } = await player.asks('match:sync', { since: { epoch: 1, seq: 0 } })
    return JSON.stringify([match.properties, events])
  }
  expect(await seen(eve)).not.toMatch(/team!|secret!|bobs/)
  expect(await seen(bob)).not.toContain('secret!')
  expect(await seen(ann)).not.toContain('bobs')
})

test('[MT23] a spectator hears everything public, and can neither send nor act', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann] = group
  const eve = await world.player('eve')
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject({ you: { as: 'spectator', seat: null } })
  expect(await ann.hears('match:event')).toMatchObject({ type: 'spectator.joined', playerId: eve.id, name: 'eve' })
  ann.sends('hello')
  expect(await eve.hears('match:message')).toEqual([0, 'hello'])
  expect(await eve.match.emitWithAck('match:send', 'me too')).toMatchObject({ error: { code: 'FORBIDDEN' } })
  const asks: [string, object][] = [
    ['match:act', { type: 'x' }],
    ['match:set', { key: 'x', value: 1 }],
    ['match:finish', { result: { placements: [[0], [1]] } }],
    ['match:pause', {}],
    ['match:rematch', { accept: true }],
  ]
  for (const [event, payload] of asks)
    expect(await eve.asks(event, payload), event).toMatchObject({ error: { code: 'FORBIDDEN' } })
  expect(await eve.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  eve.leaves()
  expect(await ann.hears('match:event')).toMatchObject({ type: 'spectator.left', playerId: eve.id })
})

test('[MT23] a mode without spectators refuses them', async () => {
  const world = await startWorld({ mode: { spectators: false } })
  const { matchId } = await world.playing('ann', 'bob')
  const eve = await world.player('eve')
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject({ error: { code: 'FORBIDDEN' } })
})
