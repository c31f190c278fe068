import { expect, test } from 'vitest'
import type { Mode } from '../src/config/modes.ts'
import { createSeatIndex } from '../src/lobby/seats/seat-index.ts'
import { createMatches } from '../src/match/matches.ts'
import type { Audience } from '../src/match/ports.ts'
import type { MatchId, PlayerId } from '../src/protocol/ids.ts'
import { openMemoryMatchStore } from '../src/stores/memory/match-store.ts'
import { alwaysServing } from '../src/util/outage.ts'
import { FakeClock } from './support/clock.ts'
import { opening } from './support/openings.ts'
import { startWorld } from './support/world.ts'

test('[CL1] ten thousand matches leave nothing behind', async () => {
  const clock = new FakeClock()
  const stored = new Set<string>()
  const memory = openMemoryMatchStore()
  const audience: Audience = {
    enter() {},
    heard: () => ({}),
    tell() {},
    release() {},
    dismiss() {},
  }
  const quiet = () => {}
  let ids = 0
  const seats = createSeatIndex()
  const matches = createMatches({
    store: {
      ...memory,
      commit: (commit) => {
        stored.add(commit.matchId)
        return memory.commit(commit)
      },
      remove: (matchId) => {
        stored.delete(matchId)
        return memory.remove(matchId)
      },
    },
    audience,
    clock,
    time: alwaysServing(clock),
    newId: () => `m${++ids}`,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    news: {
      progressed: quiet,
      confirmed: quiet,
      cancelled: quiet,
      left: quiet,
      began: quiet,
      roomChanged: quiet,
      ended: quiet,
      seats: seats.update,
      gone: seats.close,
    },
    modes: new Map(),
    sandbox: (run) => run(),
    seats: { ...seats, isFree: (playerId) => !seats.isSeated(playerId) },
  })
  const { mode, players } = opening('', ['ann', 'bob'], { countdownMs: 0 })

  const joinMatch = (playerId: PlayerId, matchId: MatchId) =>
    matches.service.handle({
      player: { id: playerId, name: playerId },
      connection: playerId,
      event: 'match:join',
      payload: { matchId, as: 'player' },
    })

  // A third each: both leave, one leaves and one drops for good, nobody ever comes.
  async function playOne(n: number): Promise<void> {
    const { matchId } = (await matches.open(mode as Mode, players)) ?? {}
    if (!matchId) throw new Error('no match')
    const [ann, bob] = players.map(({ playerId }) => playerId)
    if (!ann || !bob) throw new Error('no players')
    if (n % 3 === 2) return clock.advance(mode.joinMs)
    for (const playerId of [ann, bob]) await joinMatch(playerId, matchId)
    await matches.quit({ matchId, playerId: ann })
    if (n % 3 === 0) return void (await matches.quit({ matchId, playerId: bob }))
    matches.service.left(bob)
    await clock.advance(mode.graceMs)
  }
  const heapAfter: number[] = []
  for (let n = 1; n <= 10_000; n++) {
    await playOne(n)
    if (n % 5_000 === 0) {
      globalThis.gc?.()
      heapAfter.push(process.memoryUsage().heapUsed)
    }
  }
  expect(ids).toBe(10_000)
  expect(matches.size()).toBe(0)
  expect(seats.size()).toBe(0)
  expect(stored.size).toBe(0)
  expect(clock.pending).toBe(0)
  const [half = 0, whole = 0] = heapAfter
  expect(whole - half, 'bytes grown from match 5,000 to match 10,000').toBeLessThan(3_000_000)
})

test('[CL1] [CL2] many matches of the same players leave no rooms, listeners or entries', async () => {
  const world = await startWorld({ mode: { countdownMs: 0, endWhen: 'nobodyLeft' } })
  const [ann, bob] = await world.players('ann', 'bob')
  for (let n = 0; n < 50; n++) {
    const matchId = await world.queue([ann, bob])
    await ann.joins(matchId)
    await bob.joins(matchId)
    await ann.asks('match:leave')
    await bob.asks('match:leave')
    // What a socket may do in a while, it has done in a moment: the budget is another test's.
    await world.clock.advance(1_000)
  }
  expect(world.census()).toMatchObject({ matches: 0, rooms: 0, tickets: 0, players: 2 })
  for (const socket of world.server.io.of('/match').sockets.values()) {
    expect([...socket.rooms].filter((room) => room.startsWith('match:'))).toEqual([])
    expect(socket.listenerCount('disconnect')).toBe(2)
  }
})
