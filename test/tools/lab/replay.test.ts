import { expect, test } from 'vitest'
import { createMatchmaker } from '../../../src/matchmaker/matchmaker.ts'
import { arrivalsFrom, readLog, writeLog } from '../../../tools/lab/log.ts'
import { replayed } from '../../../tools/lab/replaying.ts'
import type { Life } from '../../../tools/lab/report/life.ts'
import type { MakeMatchmaker } from '../../../tools/lab/shape.ts'
import { aMinute, life, squad, window } from './support.ts'

const ours = createMatchmaker

test.each<[string, MakeMatchmaker]>([
  ['the matchmaker', ours],
  ['the widening window', window],
])('[QL2] what %s did is played again from its log, match by match', (_, make) => {
  const [setting] = aMinute({ patienceSeconds: 20, declineShare: 0.02, seconds: 120 }, [3], make)
  const { lives } = readLog(writeLog(setting?.lives ?? []))
  const [recorded, again] = replayed(make, { mode: squad, lives, pointsPerSecond: 3 }).settings
  expect(recorded?.figures).toEqual(setting?.figures)
  expect(again?.figures).toEqual(setting?.figures)
  expect(recorded?.figures.matches).toBeGreaterThan(20)
})

test('[QL2] tickets of the same instant keep their order', () => {
  const lives = ['c', 'a', 'b'].map((ticketId) =>
    life({ ticketId, players: [{ id: ticketId, mu: ticketId.charCodeAt(0) }] }),
  )
  expect(arrivalsFrom(lives).map(({ ticket }) => ticket.players[0]?.mu)).toEqual([97, 98, 99])
})

test('[QL2] another setting gives other matches', () => {
  const [setting] = aMinute()
  const { settings } = replayed(ours, { mode: squad, lives: setting?.lives ?? [], pointsPerSecond: 30 })
  expect(settings[1]?.figures.wait.mean).toBeLessThan(settings[0]?.figures.wait.mean ?? 0)
})

test('[QL3] players who gave up give up after the same wait, and players who declined decline', () => {
  const alone: Life[] = [
    life({ ticketId: 'a', queuedAt: 5_000, endedAt: 9_000, reason: 'cancelled' }),
    life({ ticketId: 'b', queuedAt: 6_000, endedAt: 7_000, reason: 'expired' }),
  ]
  const { settings } = replayed(window, { mode: squad, lives: alone, pointsPerSecond: 3 })
  expect(settings[1]?.lives.map(({ queuedAt, endedAt, reason }) => [queuedAt, endedAt, reason])).toEqual([
    [1_000, 2_000, 'cancelled'],
    [0, 4_000, 'cancelled'],
  ])

  const duel = { id: 'duel', teams: 2, teamSize: 1 }
  const declined = [
    life({ mode: 'duel', ticketId: 'a', reason: 'declined' }),
    life({ mode: 'duel', ticketId: 'b', endedAt: 9_000 }),
  ]
  const [, again] = replayed(window, { mode: duel, lives: declined, pointsPerSecond: 3 }).settings
  expect(again?.lives.map(({ reason }) => reason)).toEqual(['declined', 'drained'])
})

test('[QL4] damaged lines are skipped and counted', () => {
  const good = writeLog([life({}), life({ ticketId: 'u' })])
  const bad = [
    '{"ticketId":"t"',
    '[]',
    'null',
    JSON.stringify({ ...life({}), endedAt: -1 }),
    JSON.stringify({ ...life({}), players: [] }),
  ]
  expect(readLog(`${bad.join('\n')}\n\n${good}`)).toEqual({ lives: [life({}), life({ ticketId: 'u' })], damaged: 5 })
})

test('[QL4] a party that the mode has no room for any more is counted', () => {
  const players = Array.from({ length: 3 }, (_, n) => ({ id: `p${n}`, mu: 1_500 }))
  const duo = { id: 'squad', teams: 2, teamSize: 2 }
  expect(replayed(ours, { mode: duo, lives: [life({ players })], pointsPerSecond: 3 }).refused).toBe(1)
})

test('[QL4] a line of a later version is read without its additional fields', () => {
  const { lives, damaged } = readLog(JSON.stringify({ ...life({}), more: 'to come' }))
  expect({ lives, damaged }).toEqual({ lives: [life({})], damaged: 0 })
})
