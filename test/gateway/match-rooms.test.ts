import { expect, test } from 'vitest'
import { createRooms, type MatchNamespace, type MatchSocket } from '../../src/gateway/match/rooms.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import { playerId } from '../support/openings.ts'

const matchId = 'm1' as MatchId
const line = { matchId, epoch: 1, seq: 1, at: 0, type: 'host.changed', seat: 0 } as MatchEvent

/** A room of so many on a processor that is always busy, and how many of them have heard a line. */
function roomOf(size: number) {
  let heard = 0
  let now = 0
  const hear = () => {
    heard += 1
  }
  const later: (() => void)[] = []
  const turns = {
    run: (_: unknown, job: () => void) => job(),
    later: (_: unknown, job: () => void) => void later.push(job),
  }
  const rooms = createRooms({ name: '/match' } as MatchNamespace, {
    isDirect: false,
    turns,
    elapsed: () => {
      now += 1_000
      return now
    },
  })
  for (let seat = 0; seat < size; seat += 1) {
    const socket = { data: {}, join: () => {}, emit: hear } as unknown as MatchSocket
    rooms.enter(socket, { matchId, playerId: playerId(`p${seat}`), seat, isBinaryAllowed: false })
  }
  return { tell: () => rooms.audience.tell(matchId, [line]), later, heard: () => heard }
}

test('[RL3] a room of 64 hears a step in one go, however busy the processor is', () => {
  const room = roomOf(64)
  void room.tell()
  expect([room.heard(), room.later.length]).toEqual([64, 0])
})

test('[MT71] a larger room hears it over several turns of the loop', async () => {
  const room = roomOf(70)
  const told = room.tell()
  expect(room.heard()).toBe(64)
  for (let next = room.later.shift(); next; next = room.later.shift()) {
    next()
    await Promise.resolve()
  }
  await told
  expect(room.heard()).toBe(70)
})
