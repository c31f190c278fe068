import { beforeEach, describe, expect, test } from 'vitest'
import type { MatchCommit, MatchStore, PlayedMatch } from '../../src/match/match-store.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import { openedMatch, playerId } from '../support/openings.ts'

const matchId = 'm1' as MatchId

const line = (seq: number, epoch = 1): MatchEvent => ({ matchId, epoch, seq, at: seq, type: 'player.back', seat: 0 })
const commit = (after: number, count: number, epoch = 1): MatchCommit => ({
  matchId,
  epoch,
  after,
  snapshot: openedMatch().snapshot,
  lines: Array.from({ length: count }, (_, n) => line(after + 1 + n, epoch)),
})
const result = (endedAt: number): PlayedMatch => ({
  matchId,
  mode: 'duel',
  endedAt,
  outcome: 'completed',
  placements: [[0], [1]],
  scores: { 0: 3, 1: 1 },
  players: ['ann', 'bob'].map((name, seat) => ({ playerId: playerId(name), name, seat, team: seat })),
})
const seqs = (lines: readonly MatchEvent[] | null) => lines?.map(({ seq }) => seq)

/** What every store of matches promises. `keptLines` is how many lines of one match it keeps, at the least. */
export function matchStoreContract(
  name: string,
  open: () => MatchStore | Promise<MatchStore>,
  { keptLines }: { keptLines: number },
) {
  describe(`the match store contract: ${name}`, () => {
    let store: MatchStore
    beforeEach(async () => {
      store = await open()
      return () => store.close()
    })

    test('[MT11] lines come back in order, after any position', async () => {
      expect(await store.commit(commit(0, 2))).toBe(true)
      expect(await store.commit(commit(2, 1))).toBe(true)
      expect(seqs(await store.tail(matchId, 0))).toEqual([1, 2, 3])
      expect(seqs(await store.tail(matchId, 2))).toEqual([3])
      expect(seqs(await store.tail(matchId, 3))).toEqual([])
    })

    test('[MT11] there is no tail after a position that was never reached, nor of a match that is not there', async () => {
      await store.commit(commit(0, 2))
      expect(await store.tail(matchId, 3)).toBeNull()
      expect(await store.tail('m2' as MatchId, 0)).toBeNull()
    })

    test('[MT13] a commit that does not follow the last one is refused and changes nothing', async () => {
      await store.commit(commit(0, 2))
      for (const after of [0, 1, 3]) expect(await store.commit(commit(after, 1))).toBe(false)
      expect(seqs(await store.tail(matchId, 0))).toEqual([1, 2])
    })

    test('[MT13] a former owner is refused once a newer one has written', async () => {
      await store.commit(commit(0, 1))
      expect(await store.commit(commit(1, 1, 2))).toBe(true)
      expect(await store.commit(commit(2, 1, 1))).toBe(false)
      expect(await store.commit(commit(2, 1, 2))).toBe(true)
    })

    test('a match begins at the beginning', async () => {
      expect(await store.commit(commit(5, 1))).toBe(false)
      expect(await store.tail(matchId, 0)).toBeNull()
    })

    test('a step may write no line', async () => {
      await store.commit(commit(0, 1))
      expect(await store.commit(commit(1, 0))).toBe(true)
      expect(seqs(await store.tail(matchId, 0))).toEqual([1])
    })

    test('[CL1] a match that was removed is gone, and removing it again does nothing', async () => {
      await store.commit(commit(0, 1))
      await store.remove(matchId)
      await store.remove(matchId)
      expect(await store.tail(matchId, 0)).toBeNull()
      expect(await store.commit(commit(0, 1))).toBe(true)
    })

    test('every match on record is found again, as it was last stored', async () => {
      await store.commit(commit(0, 2))
      await store.commit(commit(2, 1, 2))
      const { matches, damaged } = await store.load()
      expect(damaged).toEqual([])
      expect(matches).toEqual([{ matchId, epoch: 2, seq: 3, snapshot: openedMatch().snapshot }])
    })

    test('a result is recorded once, and outlives its match', async () => {
      await store.commit({ ...commit(0, 1), result: result(10) })
      await store.commit({ ...commit(1, 1), result: result(20) })
      await store.remove(matchId)
      for (const name of ['ann', 'bob']) expect(await store.history(playerId(name), 10)).toEqual([result(10)])
      expect(await store.history(playerId('eve'), 10)).toEqual([])
    })

    test('the newest results come first, and no more than were asked for', async () => {
      for (const [n, id] of ['a', 'b', 'c'].entries()) {
        const of = { ...commit(0, 0), matchId: id as MatchId }
        await store.commit({ ...of, result: { ...result(n), matchId: id as MatchId } })
      }
      const played = await store.history(playerId('ann'), 2)
      expect(played.map((one) => one.matchId)).toEqual(['c', 'b'])
    })

    test('a result is refused together with the commit that brings it', async () => {
      await store.commit({ ...commit(5, 1), result: result(10) })
      expect(await store.history(playerId('ann'), 10)).toEqual([])
    })

    test('the last sign of life is remembered', async () => {
      expect(await store.lastBeat()).toBeNull()
      await store.beat(1_000)
      await store.beat(2_000)
      expect(await store.lastBeat()).toBe(2_000)
    })

    test('[ST42] the uptime of the machine is remembered with it, and that of an earlier start is not', async () => {
      await store.beat(1_000, { start: 'a', ms: 70 })
      await store.beat(2_000, { start: 'b', ms: 30 })
      expect(await store.lastUptime()).toEqual({ start: 'b', ms: 30 })
      await store.beat(3_000)
      expect(await store.lastUptime()).toBeNull()
    })

    test('[MT17] a long log keeps its newest lines, and says so when older ones are asked for', async () => {
      for (let after = 0; after < keptLines + 500; after += 100) await store.commit(commit(after, 100))
      const newest = keptLines + 500
      expect(seqs(await store.tail(matchId, newest - keptLines))).toHaveLength(keptLines)
      const all = await store.tail(matchId, 0)
      if (all !== null) expect(seqs(all)).toHaveLength(newest)
    })
  })
}
