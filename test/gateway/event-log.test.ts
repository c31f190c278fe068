import { expect, test } from 'vitest'
import { bytesOf } from '../../src/gateway/guard/event-log.ts'
import { startWorld, type World } from '../support/world.ts'

const ADMIN_TOKEN = 'the token of those who run it'

function eventsOf(world: World): string[] {
  const lines = world.logged.filter(({ level, phrase }) => level === 'debug' && phrase.startsWith('event '))
  return lines.map(({ fields, phrase }) => {
    const { namespace, event, bytes } = fields as Record<string, string>
    return `${phrase.split(' ').at(-1)} ${namespace} ${event} ${bytes}`
  })
}

test('[OP6] at level debug every event is logged by name and size, without its content', async () => {
  const world = await startWorld({
    env: { LOG_LEVEL: 'debug', ADMIN_TOKEN },
    titles: { chess: {} },
    mode: { countdownMs: 0 },
  })
  const { group, matchId } = await world.playing('Annabella', 'Bobby')
  const [ann, bob] = group
  ann.sends('a private word')
  expect(await bob.hears('match:message')).toEqual([0, 'a private word'])
  await ann.asks('match:set', { key: 'mood', value: 'a private mood' })
  await bob.hears('match:event')
  await ann.lobby.emitWithAck('made-up', { secret: 'a private word' })
  const operator = await world.operator()
  await operator.asks('admin:overview')
  await (await world.playerOf('chess', 'dan')).asks('queue:join', { mode: 'duel' })

  const events = eventsOf(world)
  expect(events).toContain(`in /lobby queue:join ${'[{"mode":"duel"}]'.length}`)
  expect(events).toContain(`in /match match:send ${'["a private word"]'.length}`)
  expect(events).toContain(`out /match match:message ${'[0,"a private word"]'.length}`)
  expect(events).toContain(`in /match match:join ${JSON.stringify([{ matchId }]).length}`)
  expect(events).toContain(`in /lobby made-up ${'[{"secret":"a private word"}]'.length}`)
  expect(events).toContain('in /admin admin:overview 4')
  for (const start of ['out /lobby session ', 'out /match match:event ', 'out /chess/lobby session ']) {
    expect(events.some((line) => line.startsWith(start))).toBe(true)
  }
  const log = JSON.stringify(world.logged)
  for (const secret of ['Annabella', 'a private', ann.session.token, ADMIN_TOKEN]) expect(log).not.toContain(secret)
})

test('[OP6] at other levels events are not logged, and the relay uses its fast path', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  group[0].sends('hello')
  await group[1].hears('match:message')
  expect(eventsOf(world)).toEqual([])
  for (const name of ['/lobby', '/match']) {
    for (const socket of world.server.io.of(name).sockets.values()) {
      expect(socket.listenersAnyOutgoing()).toEqual([])
      expect(socket.data.member?.wire.constructor.name ?? 'TcpWire').toBe('TcpWire')
    }
  }
})

test.each([
  [[], 2],
  [[{ a: 'ä' }, () => {}], 12],
  [[0, Buffer.alloc(100), { b: new Uint8Array(5) }], 116],
  [[nested(50_000)], null],
])('[OP6] the size of an event is the size of its arguments as JSON', (args, bytes) => {
  expect(bytesOf(args)).toBe(bytes)
})

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let n = 0; n < depth; n++) value = [value]
  return value
}
