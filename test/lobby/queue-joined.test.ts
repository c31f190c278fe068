import { expect, test } from 'vitest'
import type { ModeConfig } from '../../src/config/config.ts'
import { partyOf } from '../support/parties.ts'
import { startWorld } from '../support/world.ts'

const duel: ModeConfig = { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0, joinMs: 10_000 }
const squad: ModeConfig = { id: 'squad', teams: { count: 2, size: 3 } }

test('[QU19] every connection of every member hears that the party was queued', async () => {
  const world = await startWorld({ modes: [squad] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const tab = await world.again(bob)
  const { ticket } = await ann.asks('queue:join', { mode: 'squad' })
  for (const player of [ann, bob, tab]) expect(await player.hears('queue:joined')).toEqual({ ticket })
})

test('[QU19] a player who is requeued hears of the new ticket, as old as the first', async () => {
  const world = await startWorld({ modes: [duel] })
  const [ann, bob] = await world.players('ann', 'bob')
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  await ann.hears('queue:joined')
  const matchId = await world.queue([bob])
  await ann.joins(matchId)
  await world.clock.advance(10_000)
  expect(await ann.hears('match:cancelled')).toMatchObject({ requeued: true })
  const { ticket: next } = await ann.hears('queue:joined')
  expect(next).toMatchObject({ mode: 'duel', queuedAt: ticket.queuedAt })
  expect(next.id).not.toBe(ticket.id)
})
