import { expect, test } from 'vitest'
import type { Muster, PresenceStatus, Refusal } from '../../src/client/client.ts'
import { client, drop } from '../support/client.ts'
import { startWorld } from '../support/world.ts'

/** The presence that a client hears of, and the wait for it. */
function watching(muster: Muster, playerIds: readonly string[]) {
  let wake = () => {}
  let now: ReadonlyMap<string, PresenceStatus> = new Map()
  const stop = muster.people.watch(playerIds, (presence) => {
    now = presence
    wake()
  })
  async function shows(expected: Record<string, PresenceStatus>): Promise<void> {
    const wanted = JSON.stringify(expected)
    while (JSON.stringify(Object.fromEntries(now)) !== wanted)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
  return { shows, stop }
}

test('[SD16] people.watch follows the presence of players, also after a reconnect', async () => {
  const world = await startWorld()
  const ann = await client(world, 'ann')
  const bob = await world.player('bob')
  const { shows } = watching(ann, [bob.id])
  await shows({ [bob.id]: 'online' })
  await bob.asks('queue:join', { mode: 'duel' })
  await shows({ [bob.id]: 'queued' })
  drop(ann)
  await bob.asks('queue:leave')
  await shows({ [bob.id]: 'online' })
})

test('[SD16] each listener hears of its own players, and the end of one leaves the others', async () => {
  const world = await startWorld()
  const ann = await client(world, 'ann')
  const bob = await world.player('bob')
  const cid = await world.player('cid')
  const first = watching(ann, [bob.id])
  const second = watching(ann, [cid.id])
  await first.shows({ [bob.id]: 'online' })
  await second.shows({ [cid.id]: 'online' })
  first.stop()
  await cid.asks('queue:join', { mode: 'duel' })
  await second.shows({ [cid.id]: 'queued' })
})

test('[SD16] a watch that the server refuses is told', async () => {
  const world = await startWorld()
  const ann = await client(world, 'ann')
  const many = Array.from({ length: 201 }, (_, n) => `player-${n}`)
  const refused = await new Promise<Refusal>((resolve) => ann.people.watch(many, () => {}, resolve))
  expect(refused.error.code).toBe('BAD_REQUEST')
  const wrong = { text: 'x'.repeat(65) }
  const other = await new Promise<Refusal>((resolve) => ann.lobbies.watch(wrong, () => {}, resolve))
  expect(other.error.code).toBe('BAD_REQUEST')
})
