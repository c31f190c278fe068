import { expect, test } from 'vitest'
import { backlogOf, type Connection } from '../../src/gateway/connection/slow-readers.ts'
import { startWorld } from '../support/world.ts'

const bulk = 'x'.repeat(15_000)

test('[DR10] a client that stops reading is cut, and the others play on', async () => {
  const world = await startWorld({ modes: [{ id: 'trio', players: { min: 3, max: 3 }, countdownMs: 0 }] })
  const group = await Promise.all(['ann', 'bob', 'cat'].map(world.player))
  const [ann, bob, cat] = group
  if (!ann || !bob || !cat) throw new Error('three players expected')
  const matchId = await world.queue(group)
  for (const player of group) await player.joins(matchId)
  const { clients } = world.server.io.engine as unknown as { clients: Record<string, Connection> }
  const slow = cat.lobby.io.engine.id ? clients[cat.lobby.io.engine.id] : undefined
  // Stops reading the TCP socket, so that pings are not answered either.
  const engine = cat.lobby.io.engine as unknown as { transport: { ws: { _socket: { pause(): void } } } }
  engine.transport.ws._socket.pause()
  let most = 0
  for (let n = 0; n < 4_000 && slow?.readyState === 'open'; n++) {
    ann.sends(bulk)
    expect(await bob.hears('match:message')).toEqual([0, bulk])
    most = Math.max(most, slow ? backlogOf(slow) : 0)
    if (n % 100 === 99) await world.clock.advance(500)
  }
  expect(slow?.readyState).toBe('closed')
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(4_000_000)
  expect(world.logged.filter(({ phrase }) => phrase === 'slow reader cut')).toHaveLength(1)
  expect(await ann.hears('match:event', ({ type }) => type === 'player.away')).toMatchObject({ seat: 2 })
})
