import { describe, expect, test } from 'vitest'
import { createMatchmaker } from '../../../src/matchmaker/matchmaker.ts'
import type { MakeMatchmaker } from '../../../tools/lab/shape.ts'
import { aMinute, window } from './support.ts'

describe.each<[string, MakeMatchmaker]>([
  ['the matchmaker', createMatchmaker],
  ['the widening window', window],
])('%s', (_, make) => {
  test('[QL1] the same seed gives the same lives, another one others', () => {
    const [first] = aMinute({}, [3], make)
    expect(aMinute({}, [3], make)[0]).toEqual(first)
    expect(aMinute({ seed: 2 }, [3], make)[0]?.lives).not.toEqual(first?.lives)
  })

  test('[QL1] every ticket ends once, and a match fills its teams', () => {
    const [setting] = aMinute({ patienceSeconds: 10, declineShare: 0.05 }, [3], make)
    const lives = setting?.lives ?? []
    expect(new Set(lives.map(({ ticketId }) => ticketId)).size).toBe(lives.length)
    expect(new Set(lives.map(({ reason }) => reason))).toEqual(new Set(['matched', 'cancelled', 'declined', 'drained']))
    const matched = lives.filter(({ reason }) => reason === 'matched')
    const seats = Map.groupBy(
      matched.flatMap(({ matchId, team, players }) => players.map(() => `${matchId} ${team}`)),
      (team) => team,
    )
    expect(new Set([...seats.values()].map((team) => team.length))).toEqual(new Set([5]))
  })
})
