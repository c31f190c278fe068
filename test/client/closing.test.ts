import { expect, test } from 'vitest'
import { ConnectError } from '../../src/client/client.ts'
import { client, drop, inOneMatch } from '../support/client.ts'
import { startWorld } from '../support/world.ts'

test('[SD17] the status says whether the player is connected', async () => {
  const world = await startWorld()
  const ann = await client(world, 'ann')
  expect(ann.status).toBe('connected')
  const heard: string[] = []
  const isBack = new Promise<void>((resolve) => {
    ann.onStatus((status) => {
      heard.push(status)
      if (status === 'connected') resolve()
    })
  })
  drop(ann)
  await isBack
  ann.close()
  expect(heard).toEqual(['reconnecting', 'connected', 'closed'])
  expect(ann.status).toBe('closed')
})

test('[SD17] a client that cannot come back says why', async () => {
  const world = await startWorld()
  const ann = await client(world, 'ann', {
    sessionLost(why) {
      throw why
    },
  })
  const closed = new Promise((resolve) => {
    ann.onStatus((status, why) => status === 'closed' && resolve(why))
  })
  await world.clock.advance(25 * 3_600_000)
  drop(ann)
  expect(await closed).toMatchObject({ code: 'TOKEN_EXPIRED' })
  expect(await closed).toBeInstanceOf(ConnectError)
})

test('[SD17] after close the room is over and its requests resolve', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const [room] = await inOneMatch(world, ann, await client(world, 'bob'))
  const closed = new Promise((resolve) => {
    void ann.joinMatch(room.view.matchId, { closed: (...said) => resolve(said) }).then(() => ann.close())
  })
  expect(await closed).toEqual([null, 'closed'])
  expect(await room.act({ type: 'mark' })).toMatchObject({ ok: false, error: { code: 'NOT_IN_MATCH' } })
  expect(await ann.queue.join({ mode: 'duel' })).toMatchObject({ ok: false, error: { code: 'UNAVAILABLE' } })
})

test('[SD18] a room that another one has replaced asks nothing of the server any more', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const [first] = await inOneMatch(world, ann, await client(world, 'bob'))
  const second = await ann.joinMatch(first.view.matchId)
  expect(await first.pause()).toMatchObject({ ok: false, error: { code: 'NOT_IN_MATCH' } })
  expect(await first.leave()).toEqual({ ok: true })
  expect(second.ok && second.view.state).toBe('playing')
  expect(second.ok && (await second.pause())).toEqual({ ok: true })
})

test('[SD1] a request stops at its signal', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const [room] = await inOneMatch(world, ann, await client(world, 'bob'))
  const reason = new Error('enough')
  const how = { signal: AbortSignal.abort(reason) }
  const asked = [
    ann.queue.leave({}, how),
    ann.party.create({}, how),
    ann.joinMatch(room.view.matchId, {}, how),
    ann.spectate(room.view.matchId, {}, how),
    room.act({ type: 'mark' }, how),
    room.sync(how),
    room.leave(how),
  ]
  for (const one of asked) await expect(one).rejects.toBe(reason)
})
