import { describe, expect, test } from 'vitest'
import type { SnapshotFrom } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import type { ModeConfig } from '../../src/config/modes.ts'
import { nextDeadline } from '../../src/machines/match/deadlines.ts'
import type { MachineEvent } from '../../src/machines/match/machine-events.ts'
import { matchMachine } from '../../src/machines/match/match.machine.ts'
import { type MatchSnapshot, openMatch, stepMatch } from '../../src/machines/match/match-step.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import { opening, playerId } from '../support/openings.ts'

const names = ['ann', 'bob']
const input = (change: Partial<ModeConfig> = {}) => opening('m1', names, change)
type Live = SnapshotFrom<typeof matchMachine>
type Untimed<H> = H extends unknown ? Omit<H, 'at'> : never

const everything = [
  ...names.flatMap(
    (name, seat) =>
      [
        { type: 'player.accepted', playerId: playerId(name) },
        { type: 'player.declined', playerId: playerId(name) },
        { type: 'player.joined', playerId: playerId(name) },
        { type: 'player.dropped', playerId: playerId(name) },
        { type: 'player.quit', playerId: playerId(name) },
        { type: 'player.readied', seat },
        { type: 'player.paused', seat },
        { type: 'player.resumed', seat },
        { type: 'result.claimed', seat, claim: { placements: [[0], [1]] } },
        { type: 'rematch.answered', seat, accept: true, nextMatchId: 'm2' as MatchId },
      ] as const,
  ),
  { type: 'spectator.joined', playerId: playerId('eve'), name: 'eve' },
  { type: 'spectator.left', playerId: playerId('eve') },
  { type: 'service.restored', outageMs: 60_000, jumpMs: 0 },
  { type: 'match.faulted' },
  { type: 'operator.ended' },
] as Untimed<MachineEvent>[]

/** All that can happen to a match right now, each at an instant that changes something. */
function eventsAt({ state, context }: MatchSnapshot): MachineEvent[] {
  const due = nextDeadline(state, context)
  const soon = due === null ? 0 : Math.max(0, due - 1_000)
  const now = everything.map((event) => ({ ...event, at: soon }) as MachineEvent)
  return due === null ? now : [...now, { type: 'deadline.passed', heard: {}, at: due }]
}

const atRest = ({ value, context }: Live): MatchSnapshot => ({
  schema: 6,
  state: value as MatchSnapshot['state'],
  context,
})

// Instants differ from path to path; what a match may still become does not depend on them.
const shapeOf = ({ state, context }: MatchSnapshot) =>
  JSON.stringify([
    state,
    context.outcome,
    context.deadline?.name,
    context.seats.map((seat) => [seat.status, seat.status === 'present' && seat.idleUntil !== null]),
    context.accepted,
    context.spectators.length,
    Object.keys(context.claims),
    context.rematch?.accepted,
    context.pause?.seat,
  ])

function everyPlace(change: Partial<ModeConfig>): MatchSnapshot[] {
  const paths = getShortestPaths(matchMachine, {
    input: input(change),
    events: (live) => eventsAt(atRest(live as Live)),
    serializeState: (live) => shapeOf(atRest(live as Live)),
  })
  return paths.map(({ state }) => atRest(state as Live))
}

const kinds: [string, Partial<ModeConfig>, absent: string[]][] = [
  ['a plain mode', {}, ['proposed']],
  ['a rated mode without a countdown', { countdownMs: 0, rated: true }, ['proposed', 'countdown']],
  ['a mode with a ready check', { readyCheckMs: 10_000, pauseMs: 0 }, ['paused']],
  ['a mode that minds sleepers', { idleMs: 5_000, countdownMs: 0 }, ['proposed', 'countdown']],
]

describe.each(kinds)('%s', (_, change, absent) => {
  const places = everyPlace(change)

  test('reaches every state of the machine', () => {
    const reached = new Set(places.map(({ state }) => state))
    const possible = Object.keys(matchMachine.states).filter((state) => state !== 'opening' && !absent.includes(state))
    // Whether a player may pause at all is checked by the command.
    expect([...reached].filter((state) => state !== 'paused' || !absent.includes(state)).sort()).toEqual(
      possible.sort(),
    )
  })

  test('[MT16] always has a deadline until it is closed', () => {
    for (const { state, context } of places) {
      if (state === 'closed') expect(nextDeadline(state, context)).toBeNull()
      else expect(nextDeadline(state, context), shapeOf({ schema: 6, state, context })).not.toBeNull()
    }
  })

  test('[MT16] [CL1] closes by itself when it is left alone, wherever it is', () => {
    for (const place of places) {
      let snapshot = place
      let steps = 0
      for (let due = nextDeadline(snapshot.state, snapshot.context); due !== null; steps++) {
        expect(steps, `${shapeOf(place)} never comes to rest`).toBeLessThan(20)
        snapshot = stepMatch(snapshot, { type: 'deadline.passed', heard: {}, at: due }).snapshot
        due = nextDeadline(snapshot.state, snapshot.context)
      }
      expect(snapshot.state).toBe('closed')
    }
  })

  test('[MT16] takes no deadline early', () => {
    for (const place of places) {
      const due = nextDeadline(place.state, place.context)
      if (due === null) continue
      const early = stepMatch(place, { type: 'deadline.passed', heard: {}, at: due - 1 })
      expect(early.facts).toEqual([])
      expect(early.snapshot.state).toBe(place.state)
    }
  })

  test('tells what happens twice once', () => {
    const repeatable = new Set(['deadline.passed', 'service.restored', 'result.claimed', 'rematch.answered'])
    for (const place of places) {
      for (const event of eventsAt(place).filter(({ type }) => !repeatable.has(type))) {
        const once = stepMatch(place, event)
        const twice = stepMatch(once.snapshot, event)
        expect(twice.facts, `${shapeOf(place)} ${event.type}`).toEqual([])
      }
    }
  })

  test('[MT18] keeps every invariant through every event', () => {
    for (const place of places) {
      for (const event of eventsAt(place)) {
        const { snapshot, facts } = stepMatch(place, event)
        const { seats, host, outcome, result } = snapshot.context
        expect(new Set(seats.map(({ playerId }) => playerId)).size).toBe(seats.length)
        if (host !== null) expect(['present', 'away']).toContain(seats[host]?.status)
        if (place.context.outcome !== null) expect(outcome).toBe(place.context.outcome)
        if (place.context.result) expect(result).toBe(place.context.result)
        expect(facts.filter(({ type }) => type === 'result.final').length).toBe(result && !place.context.result ? 1 : 0)
        if (snapshot.state === 'ended' || snapshot.state === 'closed') expect(outcome).not.toBeNull()
      }
    }
  })

  test.each([1_000, 500_000_000])(
    '[ST2] goes on after a restart at %i with its clocks as they stood and a full grace for everyone',
    (at) => {
      for (const place of places) {
        if (place.state === 'closed') continue
        const { snapshot } = stepMatch(place, { type: 'service.restored', outageMs: 60_000, jumpMs: 0, at })
        expect(snapshot.state).toBe(place.state)
        const due = place.context.deadline
        const isAnswer = due?.name === 'acceptBy' || due?.name === 'joinBy'
        const left = due ? Math.max(0, due.at - (at - 60_000)) : 0
        expect(snapshot.context.deadline?.at).toBe(
          due ? at + (isAnswer ? left + 30_000 : Math.max(left, 10_000)) : undefined,
        )
        for (const [n, seat] of snapshot.context.seats.entries()) {
          const before = place.context.seats[n]?.status
          expect(seat.status).toBe(before === 'present' ? 'away' : before)
          if (seat.status === 'away' && place.context.outcome === null) expect(seat.until).toBe(at + 30_000)
        }
      }
    },
  )

  test('[AD6] ends at an operator’s word: before play as cancelled, later as aborted', () => {
    for (const place of places) {
      if (place.state === 'closed') continue
      const isEarly = ['proposed', 'gathering', 'countdown'].includes(place.state)
      const { snapshot } = stepMatch(place, { type: 'operator.ended', at: 1 })
      const outcome = place.context.outcome ?? (isEarly ? 'cancelled' : 'aborted')
      expect(snapshot).toMatchObject({ state: 'closed', context: { outcome } })
    }
  })

  test('[MT14] ends as aborted by a fault, from every state that was not decided', () => {
    for (const place of places) {
      if (place.state === 'closed') continue
      const { snapshot, facts } = stepMatch(place, { type: 'match.faulted', at: 1 })
      expect(snapshot).toMatchObject({ state: 'closed', context: { outcome: place.context.outcome ?? 'aborted' } })
      expect(facts.at(-1)).toEqual({ type: 'state.changed', state: 'closed' })
    }
  })
})

test('a step changes nothing it was given, and the same step gives the same answer', () => {
  const { snapshot } = openMatch(input())
  const before = structuredClone(snapshot)
  const event = { type: 'player.joined', playerId: playerId('ann'), at: 5 } as const
  const first = stepMatch(snapshot, event)
  expect(snapshot).toEqual(before)
  expect(stepMatch(JSON.parse(JSON.stringify(snapshot)), event)).toEqual(first)
})

test('a stranger changes nothing', () => {
  const { snapshot } = openMatch(input())
  for (const type of ['player.joined', 'player.dropped', 'player.quit'] as const) {
    expect(stepMatch(snapshot, { type, playerId: playerId('eve'), at: 1 }).facts).toEqual([])
  }
})
