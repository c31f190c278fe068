import { expectTypeOf, test } from 'vitest'
import type { connect, MatchRoom, MatchView, Muster } from '../../src/client/client.ts'
import type { GameOf, ModeId, MoveOf } from '../../src/client/game-types.ts'
import { defineConfig, type GameRules, shippedModes } from '../../src/config/config.ts'

interface Heap {
  left: number
}
type Move = { type: 'take'; data: { count: 1 | 2 | 3 } } | { type: 'resign' }
const nim: GameRules<Heap, Move, { left: number; yourTurn: boolean }> = {
  setup: () => ({ left: 21 }),
  act: (heap, action) => (action.type === 'take' ? { left: heap.left - action.data.count } : { left: 0 }),
  over: ({ left }) => (left > 0 ? null : { placements: [[0], [1]] }),
  view: ({ left }) => ({ left, yourTurn: true }),
}
const config = defineConfig({ modes: [...shippedModes, { id: 'nim', teams: { count: 2, size: 1 }, rules: nim }] })
type Config = typeof config

test('[SD14] a client infers modes, moves and views from the type of a config', () => {
  expectTypeOf<ModeId<Config>>().toEqualTypeOf<'duel' | 'squad' | 'party' | 'tictactoe' | 'rps' | 'nim'>()
  expectTypeOf<MoveOf<Config, 'nim'>>().toEqualTypeOf<Move>()
  expectTypeOf<MoveOf<Config, 'tictactoe'>>().toEqualTypeOf<{ type: 'mark'; data: { cell: number } }>()
  expectTypeOf<GameOf<Config, 'nim'>>().toEqualTypeOf<{ left: number; yourTurn: boolean }>()
  expectTypeOf<MoveOf<Config, 'duel'>>().toEqualTypeOf<{ type: string; data?: unknown }>()
  expectTypeOf<GameOf<Config, 'duel'>>().toBeUnknown()

  type Room = Extract<Awaited<ReturnType<typeof joinNim>>, { ok: true }>
  const joinNim = (muster: Muster<Config>) => muster.joinMatch<'nim'>('id')
  expectTypeOf<Parameters<Room['act']>[0]>().toEqualTypeOf<Move>()
  expectTypeOf<Room['view']['game']>().toEqualTypeOf<{ left: number; yourTurn: boolean } | undefined>()
  expectTypeOf<Parameters<Muster<Config>['queue']['join']>[0]['mode']>().toEqualTypeOf<ModeId<Config>>()
})

test('[SD14] without a config every mode, move and view is allowed', () => {
  expectTypeOf<ReturnType<typeof connect>>().toEqualTypeOf<Promise<Muster>>()
  expectTypeOf<Parameters<Muster['queue']['join']>[0]['mode']>().toBeString()
  expectTypeOf<Parameters<MatchRoom['act']>[0]>().toEqualTypeOf<{ type: string; data?: unknown }>()
  expectTypeOf<MatchRoom['view']>().toEqualTypeOf<MatchView>()
})

test('[SD14] what match:found told gives joinMatch its mode', () => {
  const play = (muster: Muster<Config>) =>
    muster.on('match:found', async (found) => {
      expectTypeOf(found.mode).toEqualTypeOf<ModeId<Config>>()
      if (found.mode !== 'nim') return
      const room = await muster.joinMatch(found)
      if (!room.ok) return
      expectTypeOf(room.act).parameter(0).toEqualTypeOf<Move>()
      // @ts-expect-error the rules take one, two or three
      await room.act({ type: 'take', data: { count: 4 } })
    })
  expectTypeOf(play).returns.toEqualTypeOf<() => void>()
  const resume = ({ state, joinMatch }: Muster<Config>) => state.match && joinMatch(state.match)
  type Any = Extract<Awaited<NonNullable<ReturnType<typeof resume>>>, { ok: true }>
  expectTypeOf<Any['act']>().parameter(0).toExtend<{ type: string }>()
  expectTypeOf<Any['view']>().toHaveProperty('state')
})

test('[SD14] requests about lobbies and leaderboards take the modes of the config', () => {
  type Lobbies = Muster<Config>['lobbies']
  expectTypeOf<Parameters<Lobbies['create']>[0]['mode']>().toEqualTypeOf<ModeId<Config>>()
  expectTypeOf<NonNullable<Parameters<Lobbies['list']>[0]>['mode']>().toEqualTypeOf<ModeId<Config> | undefined>()
  expectTypeOf<Parameters<Muster<Config>['people']['leaderboard']>[0]['mode']>().toEqualTypeOf<ModeId<Config>>()
})

test('[SD14] a title has the modes of its own settings, and a config without modes allows any', () => {
  const service = defineConfig({ titles: { chess: { modes: [{ id: 'blitz', teams: { count: 2, size: 1 } }] } } })
  expectTypeOf<ModeId<(typeof service)['titles']['chess']>>().toEqualTypeOf<'blitz'>()
  expectTypeOf<ModeId<typeof service>>().toBeString()
})
