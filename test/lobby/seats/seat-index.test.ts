import { expect, test } from 'vitest'
import { createSeatIndex } from '../../../src/lobby/seats/seat-index.ts'
import { type MatchSnapshot, openMatch, stepMatch } from '../../../src/machines/match/match-step.ts'
import { type SeatNews, seatNews } from '../../../src/machines/match/seat-news.ts'
import type { MatchId } from '../../../src/protocol/ids.ts'
import { opening, playerId } from '../../support/openings.ts'

const [ann, bob, cem] = ['ann', 'bob', 'cem'].map(playerId)
const m1 = 'm1' as MatchId
const m2 = 'm2' as MatchId
if (!ann || !bob || !cem) throw new Error('no players')

/** A match, step by step, and what it tells of its seats. */
function matchOf(id: MatchId, names: string[], change: object = {}) {
  let snapshot: MatchSnapshot = openMatch(opening(id, names, change)).snapshot
  let told: MatchSnapshot | null = null
  return {
    happens(event: object): void {
      snapshot = stepMatch(snapshot, { at: 1_000, ...event } as never, null).snapshot
    },
    news(): SeatNews | null {
      const news = seatNews(told, snapshot)
      told = snapshot
      return news
    },
  }
}
const sure = (news: SeatNews | null): SeatNews => {
  if (!news) throw new Error('nothing was told')
  return news
}

test('[QU76] a match tells all its seats at first, then what has changed, and nothing where nothing has', () => {
  const match = matchOf(m1, ['ann', 'bob'])
  expect(sure(match.news()).seats).toHaveLength(2)
  expect(match.news()).toBeNull()
  match.happens({ type: 'player.joined', playerId: ann })
  expect(sure(match.news()).seats).toEqual([expect.objectContaining({ playerId: ann, isReserved: false })])
  match.happens({ type: 'player.joined', playerId: ann })
  expect(match.news()).toBeNull()
})

test('[QU76] a player has one seat that is not over: the first one counts', () => {
  const seats = createSeatIndex()
  seats.update(sure(matchOf(m1, ['ann', 'bob']).news()))
  seats.update(sure(matchOf(m2, ['ann', 'cem']).news()))
  expect(seats.liveSeatOf(ann)).toMatchObject({ matchId: m1, seat: 0 })
  expect(seats.isElsewhere(m2, ann)).toBe(true)
  expect(seats.liveSeatOf(cem)).toMatchObject({ matchId: m2, seat: 1 })
  seats.close(m2)
  expect(seats.liveSeatOf(ann)).toMatchObject({ matchId: m1 })
  expect(seats.isSeated(cem)).toBe(false)
})

test('[QU76] a proposed match is proposed and no live seat, until all have accepted', () => {
  const seats = createSeatIndex()
  const match = matchOf(m1, ['ann', 'bob'], { readyCheckMs: 15_000 })
  seats.update(sure(match.news()))
  expect(seats.proposalOf(ann)).toMatchObject({ matchId: m1, acceptBy: 15_000, size: 2 })
  expect(seats.liveSeatOf(ann)).toBeUndefined()
  expect(seats.announcementOf(m1)).toHaveProperty('proposal')
  for (const player of [ann, bob]) match.happens({ type: 'player.accepted', playerId: player })
  seats.update(sure(match.news()))
  expect(seats.proposalOf(ann)).toBeUndefined()
  expect(seats.liveSeatOf(ann)?.joinBy).toBeGreaterThan(1_000)
  expect(seats.announcementOf(m1)).toHaveProperty('offers')
})

test('[QU76] a player who gives up the seat is free at once; the others when the match is over, and they stay together until it is closed', () => {
  const seats = createSeatIndex()
  const match = matchOf(m1, ['ann', 'bob', 'cem'], { countdownMs: 0, endWhen: 'nobodyLeft' })
  seats.update(sure(match.news()))
  for (const player of [ann, bob, cem]) match.happens({ type: 'player.joined', playerId: player })
  match.happens({ type: 'player.quit', playerId: cem })
  seats.update(sure(match.news()))
  expect(seats.isSeated(cem)).toBe(false)
  expect(seats.companyOf(ann)).toEqual({ id: m1, players: [ann, bob] })
  match.happens({ type: 'match.faulted' })
  seats.update(sure(match.news()))
  expect(seats.isSeated(ann)).toBe(false)
  expect(seats.isGoingOn(m1)).toBe(false)
  expect(seats.companyOf(ann)).toEqual({ id: m1, players: [ann, bob] })
  seats.close(m1)
  expect(seats.companyOf(ann)).toBeNull()
  expect(seats.size()).toBe(0)
})

test('[QU76] nobody gets a second seat while a match is stored for them', () => {
  const seats = createSeatIndex()
  const release = seats.reserve([ann, bob])
  const again = seats.reserve([ann])
  expect(seats.isSeated(ann)).toBe(true)
  expect(seats.liveSeatOf(ann)).toBeUndefined()
  release()
  expect([seats.isSeated(ann), seats.isSeated(bob)]).toEqual([true, false])
  again()
  expect(seats.size()).toBe(0)
})
