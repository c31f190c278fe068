import { expect, test } from 'vitest'
import type { ModeConfig } from '../../src/config/config.ts'
import type { GameRules } from '../../src/config/rules.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const inMode = async (world: World, mode: string): Promise<{ group: [Player, Player]; matchId: string }> => {
  const group = await world.players('ann', 'bob')
  const matchId = await world.queue(group, mode)
  for (const player of group) await player.joins(matchId)
  await world.clock.advance(3_000)
  for (const player of group) player.forgets()
  return { group, matchId }
}
const mark = (cell: number, more: object = {}) => ({ type: 'mark', data: { cell }, ...more })
const thrown = (what: string) => ({ type: 'throw', data: { throw: what } })

/** Who is to move, and who is not. */
async function turnOf(group: [Player, Player]) {
  const { match } = await group[0].asks('match:sync', { since: { epoch: 1, seq: 0 } })
  const mover = group[match.game.turn] as Player
  return { mover, waiter: group[1 - match.game.turn] as Player, seat: match.game.turn as number, match }
}

test('[RU1] [RU3] tic-tac-toe: the server checks turns and cells, and decides the winner', async () => {
  const world = await startWorld()
  const { group } = await inMode(world, 'tictactoe')
  const { mover, waiter, seat, match } = await turnOf(group)
  expect(match.deadline).toMatchObject({ name: 'turn', at: world.clock.now() + 30_000 })
  expect(await waiter.asks('match:act', mark(0))).toMatchObject({ error: { code: 'NOT_YOUR_TURN' } })
  expect(await mover.asks('match:act', mark(9))).toMatchObject({ error: { code: 'ILLEGAL_ACTION' } })
  expect(await mover.asks('match:act', mark(0))).toMatchObject({
    game: { turn: 1 - seat, cells: expect.arrayContaining([seat]) },
  })
  expect(await waiter.hears('match:event')).toMatchObject({ seat, action: mark(0), game: { turn: 1 - seat } })
  expect(await waiter.asks('match:act', mark(0))).toMatchObject({ error: { code: 'ILLEGAL_ACTION' } })
  for (const [player, cell] of [
    [waiter, 3],
    [mover, 1],
    [waiter, 4],
  ] as const)
    await player.asks('match:act', mark(cell))
  expect(await mover.asks('match:act', mark(2))).toMatchObject({ game: { winner: seat } })
  expect(await waiter.hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    outcome: 'completed',
    placements: [[seat], [1 - seat]],
  })
  expect(await waiter.asks('match:act', mark(8))).toMatchObject({ error: { code: 'MATCH_ENDED' } })
  expect(await waiter.asks('match:finish', { result: { placements: [[0], [1]] } })).toMatchObject({
    error: { code: 'FORBIDDEN' },
  })
})

test('[RU1] tic-tac-toe may be drawn', async () => {
  const world = await startWorld()
  const { group } = await inMode(world, 'tictactoe')
  const { mover, waiter } = await turnOf(group)
  for (const [n, cell] of [0, 1, 2, 4, 3, 5, 7, 6, 8].entries())
    await (n % 2 ? waiter : mover).asks('match:act', mark(cell))
  expect(await mover.hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    placements: [[0, 1]],
  })
})

test('[RU3] a player whose turn runs out loses, and the log has the timeout', async () => {
  const world = await startWorld()
  const { group } = await inMode(world, 'tictactoe')
  const { mover, seat } = await turnOf(group)
  await world.clock.advance(30_000)
  expect(await mover.hears('match:event', ({ type }) => type === 'action')).toMatchObject({
    seat: null,
    action: { type: 'timeout' },
  })
  expect(await mover.hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    placements: [[1 - seat], [seat]],
  })
})

test('[RU3] [MT21] a pause stops the turn’s clock', async () => {
  const world = await startWorld()
  const { group } = await inMode(world, 'tictactoe')
  const { mover } = await turnOf(group)
  await world.clock.advance(20_000)
  await mover.asks('match:pause')
  await world.clock.advance(20_000)
  await mover.asks('match:resume')
  await world.clock.advance(9_000)
  expect(await mover.asks('match:act', mark(0))).toMatchObject({ ok: true })
})

test('[RU6] a player who leaves a game for two loses it', async () => {
  const world = await startWorld()
  const { group } = await inMode(world, 'tictactoe')
  await group[0].asks('match:leave')
  expect(await group[1].hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    outcome: 'completed',
    placements: [[1], [0]],
  })
})

test('[RU2] a hidden throw is shown to no other player, neither live nor replayed', async () => {
  const world = await startWorld()
  const { group, matchId } = await inMode(world, 'rps')
  const [ann, bob] = group
  const eve = await world.player('eve')
  await eve.joins(matchId, { as: 'spectator' })
  expect(await ann.asks('match:act', thrown('rock'))).toMatchObject({ game: { yours: 'rock', thrown: [true, false] } })
  const looks = [
    await bob.hears('match:event', ({ type }) => type === 'action'),
    await eve.hears('match:event', ({ type }) => type === 'action'),
    await bob.asks('match:sync', { since: { epoch: 1, seq: 0 } }),
    await eve.asks('match:sync', { since: { epoch: 1, seq: 0 } }),
  ]
  for (const look of looks) expect(JSON.stringify(look)).not.toContain('rock')
  expect(looks[0]).toMatchObject({ action: { type: 'throw' }, game: { yours: null, thrown: [true, false] } })
  await bob.asks('match:act', thrown('scissors'))
  expect(await eve.hears('match:event', ({ type }) => type === 'action')).toMatchObject({
    game: { rounds: [['rock', 'scissors']], wins: [1, 0] },
  })
  const { events } = await ann.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  for (const line of events) expect(line.game).toBeUndefined()
})

test('[RU1] best of five ends with the third win', async () => {
  const world = await startWorld()
  const { group } = await inMode(world, 'rps')
  const [ann, bob] = group
  for (let n = 0; n < 3; n++) {
    await ann.asks('match:act', thrown('paper'))
    expect(await ann.asks('match:act', thrown('rock'))).toMatchObject({ ok: false })
    await bob.asks('match:act', thrown('rock'))
  }
  expect(await bob.hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    placements: [[0], [1]],
    scores: { 0: 3, 1: 0 },
  })
})

const sound: GameRules<{ n: number }> = {
  setup: () => ({ n: 0 }),
  act: (state) => ({ n: state.n + 1 }),
  over: () => null,
  view: (state) => state,
}
const unsound: [string, Partial<GameRules>][] = [
  [
    'throw',
    {
      act: () => {
        throw new Error('a bug in the game')
      },
    },
  ],
  [
    'loop for ever',
    {
      act: () => {
        for (;;);
      },
    },
  ],
  ['return what is no JSON', { act: () => ({ n: Number.NaN }) }],
  ['return a function', { act: () => () => 1 }],
  ['return nothing', { act: () => undefined }],
  ['name a seat twice', { over: (state) => ((state as { n: number }).n > 0 ? { placements: [[0, 0]] } : null) }],
  [
    'fail to show the game',
    {
      view: (state) => {
        if ((state as { n: number }).n > 0) throw new Error('blind')
        return null
      },
    },
  ],
  [
    'fail to tell an action',
    {
      tell: () => {
        throw new Error('mute')
      },
    },
  ],
]

test.each(unsound)('[RU4] rules that %s end their own match and no other', async (_, part) => {
  const modes: ModeConfig[] = [
    { id: 'unsound', teams: { count: 2, size: 1 }, countdownMs: 0, rules: { ...sound, ...part } as GameRules },
    { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 },
  ]
  const world = await startWorld({ modes })
  const { group } = await inMode(world, 'unsound')
  const other = await world.players('cat', 'dan')
  const otherMatch = await world.queue(other, 'duel')
  for (const player of other) await player.joins(otherMatch)
  const reply = await group[0].asks('match:act', { type: 'go' })
  if (!reply.ok) expect(reply).toMatchObject({ error: { code: 'MATCH_ABORTED' } })
  for (const player of group) expect(await player.hears('match:closed')).toMatchObject({ outcome: 'aborted' })
  expect(await other[0].asks('match:act', { type: 'go' })).toMatchObject({ ok: true })
  expect(world.logged.filter(({ level }) => level === 'error').length).toBeGreaterThan(0)
})

test('[RU4] rules that cannot even begin end their match', async () => {
  const setup = () => {
    throw new Error('no board')
  }
  const world = await startWorld({
    modes: [{ id: 'unsound', teams: { count: 2, size: 1 }, countdownMs: 0, rules: { ...sound, setup } as GameRules }],
  })
  const group = await world.players('ann', 'bob')
  const matchId = await world.queue(group)
  await group[0].joins(matchId)
  expect(await group[1].joins(matchId)).toMatchObject({ ok: false })
  expect(await group[0].hears('match:closed')).toMatchObject({ outcome: 'aborted' })
})

test('[RU2] [RU3] when play begins, each player gets their view and the deadline of the turn', async () => {
  const world = await startWorld()
  const group = await world.players('ann', 'bob')
  const matchId = await world.queue(group, 'tictactoe')
  for (const player of group) await player.joins(matchId)
  await world.clock.advance(3_000)
  for (const [seat, player] of group.entries()) {
    expect(await player.hears('match:event', ({ state }) => state === 'playing')).toMatchObject({
      deadline: { name: 'turn', at: world.clock.now() + 30_000 },
      game: { cells: Array(9).fill(null), you: seat },
    })
  }
})
