import { beforeEach, describe, expect, test } from 'vitest'
import type { MatchCommit, MatchStore } from '../../src/match/match-store.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import { openedMatch } from '../support/openings.ts'

const matchId = 'm1' as MatchId

const line = (seq: number, epoch = 1): MatchEvent => ({ matchId, epoch, seq, at: seq, type: 'player.back', seat: 0 })
const commit = (after: number, count: number, epoch = 1): MatchCommit => ({
  matchId,
  epoch,
  after,
  snapshot: openedMatch().snapshot,
  lines: Array.from({ length: count }, (_, n) => line(after + 1 + n, epoch)),
})
const seqs = (lines: readonly MatchEvent[] | null) => lines?.map(({ seq }) => seq)

/** What every store of matches promises. `keptLines` is how many lines of one match it keeps, at the least. */
export function matchStoreContract(name: string, open: () => MatchStore, { keptLines }: { keptLines: number }) {
  describe(`the match store contract: ${name}`, () => {
    let store: MatchStore
    beforeEach(() => {
      store = open()
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

    test('[MT17] a long log keeps its newest lines, and says so when older ones are asked for', async () => {
      for (let after = 0; after < keptLines + 500; after += 100) await store.commit(commit(after, 100))
      const newest = keptLines + 500
      expect(seqs(await store.tail(matchId, newest - keptLines))).toHaveLength(keptLines)
      const all = await store.tail(matchId, 0)
      if (all !== null) expect(seqs(all)).toHaveLength(newest)
    })
  })
}
