import { expect, test } from 'vitest'
import type { SnapshotFrom } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import { type MatchHappening, matchMachine } from '../../src/machines/match.machine.ts'
import { nextDeadline } from '../../src/machines/match-context.ts'
import { openMatch, stepMatch } from '../../src/machines/match-step.ts'
import type { ModeConfig } from '../../src/modes.ts'
import { opening, playerId } from '../support/openings.ts'

const names = ['ann', 'bob']
const input = (change: Partial<ModeConfig> = {}) => opening('m1', names, change)

type Snapshot = SnapshotFrom<typeof matchMachine>

/** All that can happen to a match right now, each at an instant that changes something. */
function happenings({ context }: Snapshot): MatchHappening[] {
  const soon = context.deadline ? Math.max(0, context.deadline.at - 1_000) : 0
  const who = names.flatMap((name) =>
    (['player.joined', 'player.dropped', 'player.quit'] as const).map((type) => ({
      type,
      playerId: playerId(name),
      at: soon,
    })),
  )
  const due = nextDeadline(context)
  return [
    ...who,
    { type: 'match.faulted', at: soon },
    ...(due === null ? [] : [{ type: 'deadline.passed' as const, at: due }]),
  ]
}

// Instants differ from path to path; what a match may still become does not depend on them.
const shapeOf = ({ value, context }: Snapshot) =>
  JSON.stringify([value, context.outcome, context.deadline?.name, context.seats.map(({ status }) => status)])

const paths = (change?: Partial<ModeConfig>) =>
  getShortestPaths(matchMachine, {
    input: input(change),
    events: (snapshot) => happenings(snapshot as Snapshot),
    serializeState: (snapshot) => shapeOf(snapshot as Snapshot),
  })

const modes: [string, Partial<ModeConfig>][] = [
  ['with a countdown', {}],
  ['without a countdown', { countdownMs: 0 }],
]

test.each(modes)('every state of the machine is reached, %s', (_, change) => {
  const reached = new Set(paths(change).map(({ state }) => String((state as Snapshot).value)))
  const all = Object.keys(matchMachine.states).filter((state) => state !== 'countdown' || change.countdownMs !== 0)
  expect([...reached].sort()).toEqual(all.sort())
})

test.each(modes)('[MT16] a match that is not closed always has a deadline, %s', (_, change) => {
  for (const { state } of paths(change)) {
    const { value, context } = state as Snapshot
    if (value === 'closed') expect(nextDeadline(context)).toBeNull()
    else expect(nextDeadline(context), shapeOf(state as Snapshot)).not.toBeNull()
  }
})

test.each(modes)('[MT16] [CL1] left alone, a match closes by itself from wherever it is, %s', (_, change) => {
  for (const { state } of paths(change)) {
    const { value, context } = state as Snapshot
    let snapshot: ReturnType<typeof openMatch>['snapshot'] = { schema: 1, state: value, context }
    const instants: number[] = []
    for (let due = nextDeadline(context); due !== null; due = nextDeadline(snapshot.context)) {
      snapshot = stepMatch(snapshot, { type: 'deadline.passed', at: due }).snapshot
      instants.push(due)
      expect(instants.length, `${shapeOf(state as Snapshot)} never comes to rest`).toBeLessThan(10)
    }
    expect(snapshot.state).toBe('closed')
  }
})

test.each(modes)('[MT16] a deadline that comes early changes nothing, %s', (_, change) => {
  for (const { state } of paths(change)) {
    const { value, context } = state as Snapshot
    const due = nextDeadline(context)
    if (due === null) continue
    const early = stepMatch({ schema: 1, state: value, context }, { type: 'deadline.passed', at: due - 1 })
    expect(early.facts).toEqual([])
    expect(early.snapshot.state).toBe(value)
  }
})

test.each(modes)('what happens twice is told once, %s', (_, change) => {
  for (const { state } of paths(change)) {
    const { value, context } = state as Snapshot
    for (const happening of happenings(state as Snapshot)) {
      const once = stepMatch({ schema: 1, state: value, context }, happening)
      const twice = stepMatch(once.snapshot, happening)
      if (happening.type !== 'deadline.passed')
        expect(twice.facts, `${shapeOf(state as Snapshot)} ${happening.type}`).toEqual([])
    }
  }
})

test('a step changes nothing it was given, and the same step gives the same answer', () => {
  const { snapshot } = openMatch(input())
  const before = structuredClone(snapshot)
  const happening = { type: 'player.joined', playerId: playerId('ann'), at: 5 } as const
  const first = stepMatch(snapshot, happening)
  expect(snapshot).toEqual(before)
  expect(stepMatch(JSON.parse(JSON.stringify(snapshot)), happening)).toEqual(first)
})

test('a stranger changes nothing', () => {
  const { snapshot } = openMatch(input())
  for (const type of ['player.joined', 'player.dropped', 'player.quit'] as const) {
    expect(stepMatch(snapshot, { type, playerId: playerId('eve'), at: 1 }).facts).toEqual([])
  }
})

test('[MT14] a fault ends the match as aborted from every state', () => {
  for (const { state } of paths()) {
    const { value, context } = state as Snapshot
    if (value === 'closed') continue
    const { snapshot, facts } = stepMatch({ schema: 1, state: value, context }, { type: 'match.faulted', at: 1 })
    expect(snapshot).toMatchObject({ state: 'closed', context: { outcome: 'aborted', deadline: null } })
    expect(facts.at(-1)).toEqual({ type: 'state.changed', state: 'closed' })
  }
})
