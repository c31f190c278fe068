import { expect, test } from 'vitest'
import { mode } from '../../src/config/modes.ts'
import type { Property } from '../../src/machines/match/match-context.ts'
import { createModeRules } from '../../src/match/mode-rules.ts'
import { createViews } from '../../src/match/views.ts'
import { FakeClock } from '../support/clock.ts'
import { openedMatch } from '../support/openings.ts'
import { startWorld } from '../support/world.ts'

const duel = mode.parse({ id: 'duel', teams: { count: 2, size: 1 } })
const viewsOf = () =>
  createViews(createModeRules({ modes: new Map([['duel', duel]]), sandbox: (run) => run(), clock: new FakeClock() }))

test('[MT72] viewers with equal views share one view, made once', () => {
  const { snapshot } = openedMatch()
  const viewFor = viewsOf()
  expect(viewFor(snapshot, 1)).toBe(viewFor(snapshot, 0))
  expect(viewFor(snapshot, 'spectator')).toBe(viewFor(snapshot, 0))
  expect(viewFor({ ...snapshot }, 0)).not.toBe(viewFor(snapshot, 0))
})

test('[MT72] [DL6] where properties are not for everyone, each sees their own', () => {
  const { snapshot } = openedMatch()
  const plan: Property = { value: 'left flank', version: 1, seat: 0, visibility: 'own' }
  snapshot.context.properties = { 'plan#0': plan }
  const viewFor = viewsOf()
  expect(viewFor(snapshot, 0).properties).toEqual({ plan: { value: 'left flank', version: 1 } })
  expect(viewFor(snapshot, 1).properties).toEqual({})
})

test('[MT71] [MT11] of a room that all join at once everyone has the whole log, without a gap', async () => {
  const size = 24
  const world = await startWorld({ modes: [{ id: 'crowd', players: { min: size, max: size }, countdownMs: 0 }] })
  const group = await Promise.all(Array.from({ length: size }, (_, n) => world.player(`player ${n}`)))
  const matchId = await world.queue(group, 'crowd')
  const joined = await Promise.all(group.map((player) => player.joins(matchId)))
  const replies = joined as { ok: true; seq: number; match: { seats: { status: string }[] } }[]
  for (const [n, player] of group.entries()) {
    const { ok, seq, match } = replies[n] ?? expect.fail('no reply')
    expect(ok).toBe(true)
    expect(match.seats[n]).toMatchObject({ status: 'present' })
    for (let next = seq + 1; next <= size + 3; next += 1)
      expect(await player.hears('match:event')).toMatchObject({ seq: next })
  }
})
