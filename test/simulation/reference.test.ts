import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MachineEvent } from '../../src/machines/match/machine-events.ts'
import { type MatchSnapshot, openMatch, stepMatch } from '../../src/machines/match/match-step.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import type { MatchEvent, MatchFact } from '../../src/protocol/match-view.ts'
import { opening } from '../support/openings.ts'
import { differenceOf, follow, newReference, type Reference, seatThem } from './reference.ts'

const NAMES = ['ann', 'bob', 'cas', 'dan']
const matchId = 'm1' as MatchId
const waits = { joinMs: 40, countdownMs: 10, graceMs: 30, maxMs: 300, settleMs: 20, rematchMs: 50, pauseMs: 30 }
const modes = [
  { id: 'plain', players: { min: 2, max: 4 }, lateJoin: true, ...waits },
  { id: 'checked', players: { min: 2, max: 4 }, readyCheckMs: 20, ...waits },
  { id: 'sleepy', players: { min: 2, max: 4 }, idleMs: 25, ...waits },
]

const who = fc.constantFrom(...(NAMES as PlayerId[]))
const seat = fc.nat(2)
const claim = fc.constantFrom({ placements: [[0], [1], [2]] }, { placements: [[2], [1], [0]] })

/** Any event, in any order: the machine has to cope. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('player.joined' as const), playerId: who }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('player.accepted' as const), playerId: who }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('player.dropped' as const), playerId: who }) },
  { weight: 6, arbitrary: fc.constant({ type: 'deadline.passed' as const, heard: {} }) },
  fc.record({ type: fc.constantFrom('player.declined' as const, 'player.quit' as const), playerId: who }),
  fc.record({ type: fc.constantFrom('player.readied' as const, 'player.paused' as const), seat }),
  fc.record({ type: fc.constant('player.resumed' as const), seat }),
  fc.record({ type: fc.constant('spectator.joined' as const), playerId: fc.constant('eve' as PlayerId), name: who }),
  fc.record({ type: fc.constant('spectator.left' as const), playerId: fc.constant('eve' as PlayerId) }),
  fc.record({ type: fc.constant('result.claimed' as const), seat, claim }),
  fc.record({ type: fc.constant('service.restored' as const), outageMs: fc.nat(100) }),
)

/** Applies an event, and lets the reference follow by the log alone; returns the difference. */
function happen(before: MatchSnapshot, next: MachineEvent, reference: Reference) {
  const { snapshot, facts } = stepMatch(before, next)
  return { snapshot, faults: faultsIn(snapshot, facts, next.at, reference) }
}
function faultsIn(snapshot: MatchSnapshot, facts: MatchFact[], at: number, reference: Reference): unknown[] {
  seatThem(reference, snapshot)
  const faults = facts.map((fact) => follow(reference, { matchId, epoch: 1, seq: 1, at, ...fact } as MatchEvent))
  return [...faults, differenceOf(reference, snapshot)].filter((fault) => fault !== null)
}

test.each(modes)('[MT11] [MT16] [MT18] the log of a $id match is complete after any events', (mode) => {
  const steps = fc.array(fc.tuple(event, fc.nat(40)), { maxLength: 60 })
  fc.assert(
    fc.property(steps, (played) => {
      const { snapshot, facts } = openMatch(opening('m1', NAMES.slice(0, 3), { ...mode, teams: undefined } as never))
      const reference = newReference()
      expect(faultsIn(snapshot, facts, 0, reference)).toEqual([])
      let match = { snapshot, faults: [] as unknown[] }
      let at = 0
      for (const [next, ms] of played) {
        at += ms
        const { outcome } = match.snapshot.context
        match = happen(match.snapshot, { ...next, at } as MachineEvent, reference)
        expect(match.faults).toEqual([])
        if (outcome !== null) expect(match.snapshot.context.outcome).toBe(outcome)
      }
    }),
    { numRuns: 500 },
  )
})

const away: Reference = { ...newReference(), state: 'playing', seats: [] }
const line = (fact: MatchFact, at: number) => ({ matchId, epoch: 1, seq: 1, at, ...fact }) as MatchEvent

test.each<[what: string, status: 'present' | 'away' | 'reserved' | 'left', fact: MatchFact, at: number]>([
  ['a grace that ends early', 'away', { type: 'player.forfeited', seat: 0 }, 99],
  ['a forfeit nobody was warned of', 'present', { type: 'player.forfeited', seat: 0 }, 500],
  ['a join window that closes early', 'reserved', { type: 'player.left', seat: 0, why: 'noShow' }, 99],
  ['a seat given up twice', 'left', { type: 'player.left', seat: 0, why: 'quit' }, 500],
  ['an action of who is gone', 'left', { type: 'action', seat: 0, action: { type: 'move' } }, 500],
])('[MT16] the reference objects to %s', (_what, status, fact, at) => {
  const seats = [{ status, awayUntil: 100, offeredUntil: null, idleUntil: null }]
  const reference = { ...away, deadline: { name: 'joinBy', at: 100 }, seats }
  expect(follow(reference, line(fact, at))).not.toBeNull()
})
