import { expect, onTestFinished } from 'vitest'
import { type ConnectOptions, connect, type MatchRoom, type Muster, type PlayerState } from '../../src/client/client.ts'
import type { World } from './world.ts'

/** A connection of the SDK, closed when the test is over. */
export async function client(world: World, name: string, options: ConnectOptions = {}): Promise<Muster> {
  const muster = await connect(world.url, { name, ...options })
  onTestFinished(() => muster.close())
  return muster
}

/** Another tab of the same player. */
export const tabOf = (world: World, muster: Muster): Promise<Muster> =>
  client(world, muster.session.name, { token: muster.session.token })

/** Resolves with the first state of a player that fits. */
export function stateWhere(muster: Muster, fits: (state: PlayerState) => boolean): Promise<PlayerState> {
  return new Promise((resolve) => {
    const look = (state: PlayerState) => fits(state) && resolve(state)
    onTestFinished(muster.onState(look))
    look(muster.state)
  })
}

/** Two clients with seats in one match; both have joined it. */
export async function inOneMatch(world: World, ann: Muster, bob: Muster): Promise<[MatchRoom, MatchRoom]> {
  for (const player of [ann, bob]) expect(await player.queue.join({ mode: 'duel' })).toMatchObject({ ok: true })
  await world.clock.advance(0)
  const rooms: MatchRoom[] = []
  for (const player of [ann, bob]) {
    const { match } = await stateWhere(player, (state) => state.match !== null)
    const room = await player.joinMatch(match ?? '')
    if (!room.ok) throw new Error(room.error.code)
    rooms.push(room)
  }
  return rooms as [MatchRoom, MatchRoom]
}

/** Breaks the connection, as a lost network does. */
export function drop(muster: Muster): void {
  muster.lobby.socket.io.engine.close()
}
