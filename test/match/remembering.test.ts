import { expect, test } from 'vitest'
import type { GameRules } from '../../src/config/rules.ts'
import { type MatchSnapshot, stepMatch } from '../../src/machines/match/match-step.ts'
import { lineSeenBy, type Visibilities, viewOf } from '../../src/machines/match/match-view.ts'
import { checkSet } from '../../src/match/commands/checks.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import { openedMatch } from '../support/openings.ts'
import { startWorld } from '../support/world.ts'

const counting: GameRules<{ n: number; ballast: string }> = {
  setup: () => ({ n: 0, ballast: 'x'.repeat(1_000) }),
  act: (state) => ({ ...state, n: state.n + 1 }),
  over: () => null,
  view: (state) => state,
}

test('[DL2] [DL20] a repeated command may have its keys in any order, and its reply has the current game', async () => {
  const rules = counting as GameRules
  const world = await startWorld({ mode: { countdownMs: 0, rules } })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann] = group
  const first = await ann.asks('match:act', { type: 'add', id: 'a', data: { x: 1, y: { b: 2, a: 3 } } })
  expect(first).toMatchObject({ ok: true, game: { n: 1 } })
  for (let n = 0; n < 10; n += 1) await ann.asks('match:act', { type: 'add', id: `more ${n}` })
  expect(await ann.asks('match:act', { id: 'a', data: { y: { a: 3, b: 2 }, x: 1 }, type: 'add' })).toMatchObject({
    seq: first.seq,
    game: { n: 11 },
  })
  expect(await ann.asks('match:act', { type: 'add', id: 'a', data: [1] })).toMatchObject({
    error: { code: 'ID_REUSED' },
  })
  const stored = (await world.server.store.load()).matches.find((one) => one.matchId === matchId)
  // The state itself is there once.
  expect(JSON.stringify(stored?.snapshot).match(/x{1000}/g)).toHaveLength(1)
})

/** A match in which a seat has set a property, with the line of the log that tells it. */
function withProperty(snapshot: MatchSnapshot, seat: number, configured: Visibilities) {
  const full = snapshot.context.seats[seat]
  if (!full) throw new Error('there is no such seat')
  const rules = { referee: null, properties: { maxCount: 9, maxBytes: 99, visibility: configured } }
  const turn = { snapshot, position: { epoch: 1, seq: 1 }, now: 1 }
  const event = checkSet(turn, full, { key: 'hand', value: 'aces' }, rules)
  if ('ok' in event) throw new Error(event.error.code)
  const step = stepMatch(snapshot, { ...event, at: 1 } as Parameters<typeof stepMatch>[1])
  const line = { matchId: snapshot.context.matchId, epoch: 1, seq: 2, at: 1, ...step.facts[0] } as MatchEvent
  return { snapshot: step.snapshot, line }
}
const atTable = () => {
  const { snapshot } = openedMatch()
  const at = 1
  return ['ann', 'bob'].reduce(
    (last, playerId) => stepMatch(last, { type: 'player.joined', playerId: playerId as never, at }).snapshot,
    snapshot,
  )
}

test.each([
  ['own', ['aces', undefined, undefined]],
  ['members', ['aces', 'aces', undefined]],
  ['public', ['aces', 'aces', 'aces']],
] as const)('[DL21] a property set as %s stays so, whatever the config says later', (visibility, expected) => {
  const { snapshot, line } = withProperty(atTable(), 0, { hand: visibility })
  for (const later of ['public', 'members', 'own'] as const) {
    const eyes = ([0, 1, 'spectator'] as const).map((who) => ({
      ...{ who, referee: null, now: 1 },
      visibilities: { hand: later },
    }))
    expect(eyes.map((one) => viewOf(snapshot, one).properties.hand?.value)).toEqual(expected)
    expect(eyes.map((one) => (lineSeenBy(line, snapshot, one) as { value?: unknown }).value)).toEqual(expected)
    const again = withProperty(snapshot, 1, { hand: later })
    const kept = Object.values(again.snapshot.context.properties).map((one) => one.visibility)
    expect(new Set(kept)).toEqual(new Set([visibility]))
  }
})
