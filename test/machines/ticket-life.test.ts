import { expect, test } from 'vitest'
import {
  type Attendance,
  stepTicket,
  type TicketEvent,
  type TicketState,
} from '../../src/machines/ticket/ticket-life.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import { playerId } from '../support/openings.ts'

const ann = playerId('ann')
const matchId = (id: string) => id as MatchId
const away = (until: number): Attendance => ({ isTogether: true, awayBy: new Map([[ann, until]]) })
const here: Attendance = { isTogether: true, awayBy: new Map() }
const parted: Attendance = { isTogether: false, awayBy: new Map() }

const states: TicketState[] = [
  { is: 'opening' },
  { is: 'searching' },
  { is: 'held', awayBy: new Map([[ann, 1_000]]) },
  { is: 'proposed', matchId: null, proposedAt: null },
  { is: 'proposed', matchId: matchId('m1'), proposedAt: 500 },
  { is: 'matched', matchId: matchId('m1') },
  { is: 'suspended' },
  { is: 'ended', reason: 'cancelled' },
]
const events: Record<string, TicketEvent> = {
  opened: { type: 'opened', attendance: here },
  'opened, somebody away': { type: 'opened', attendance: away(2_000) },
  'opened, parted': { type: 'opened', attendance: parted },
  notOpened: { type: 'notOpened' },
  'all here': { type: 'attendance.changed', attendance: here },
  'somebody away': { type: 'attendance.changed', attendance: away(2_000) },
  'waited long enough': { type: 'wait.expired' },
  'party changed': { type: 'party.changed' },
  'player left': { type: 'player.left' },
  'player declined': { type: 'player.declined' },
  proposed: { type: 'proposed' },
  'proposal rejected': { type: 'proposal.rejected' },
  'match stored': { type: 'match.stored', matchId: matchId('m1'), at: 700 },
  'match cancelled': { type: 'match.cancelled', attendance: here },
  'match cancelled, somebody away': { type: 'match.cancelled', attendance: away(2_000) },
  'match cancelled, parted': { type: 'match.cancelled', attendance: parted },
  seated: { type: 'seated', matchId: matchId('m1') },
  'match settled': { type: 'match.settled' },
  outage: { type: 'outage.ended', outageMs: 300 },
  suspended: { type: 'suspended' },
  drained: { type: 'drained' },
}
const shown = (state: TicketState): string => (state.is === 'ended' ? `ended ${state.reason}` : state.is)

/** What each event leads to from opening, searching, held, proposed and matched; a dot where nothing changes. */
test.each`
  event                               | opening              | searching            | held                 | proposed             | matched
  ${'opened'}                         | ${'searching'}       | ${'.'}               | ${'.'}               | ${'.'}               | ${'.'}
  ${'opened, somebody away'}          | ${'held'}            | ${'.'}               | ${'.'}               | ${'.'}               | ${'.'}
  ${'opened, parted'}                 | ${'ended cancelled'} | ${'.'}               | ${'.'}               | ${'.'}               | ${'.'}
  ${'notOpened'}                      | ${'ended notOpened'} | ${'ended notOpened'} | ${'.'}               | ${'.'}               | ${'.'}
  ${'all here'}                       | ${'.'}               | ${'searching'}       | ${'searching'}       | ${'.'}               | ${'.'}
  ${'somebody away'}                  | ${'.'}               | ${'held'}            | ${'held'}            | ${'.'}               | ${'.'}
  ${'waited long enough'}             | ${'.'}               | ${'.'}               | ${'ended expired'}   | ${'.'}               | ${'.'}
  ${'party changed'}                  | ${'ended cancelled'} | ${'ended cancelled'} | ${'ended cancelled'} | ${'.'}               | ${'.'}
  ${'player left'}                    | ${'ended cancelled'} | ${'ended cancelled'} | ${'ended cancelled'} | ${'ended cancelled'} | ${'.'}
  ${'player declined'}                | ${'.'}               | ${'.'}               | ${'.'}               | ${'ended declined'}  | ${'.'}
  ${'proposed'}                       | ${'.'}               | ${'proposed'}        | ${'.'}               | ${'.'}               | ${'.'}
  ${'proposal rejected'}              | ${'.'}               | ${'.'}               | ${'.'}               | ${'searching'}       | ${'.'}
  ${'match stored'}                   | ${'.'}               | ${'.'}               | ${'.'}               | ${'proposed'}        | ${'.'}
  ${'match cancelled'}                | ${'.'}               | ${'.'}               | ${'.'}               | ${'searching'}       | ${'.'}
  ${'match cancelled, somebody away'} | ${'.'}               | ${'.'}               | ${'.'}               | ${'held'}            | ${'.'}
  ${'match cancelled, parted'}        | ${'.'}               | ${'.'}               | ${'.'}               | ${'ended cancelled'} | ${'.'}
  ${'seated'}                         | ${'matched'}         | ${'matched'}         | ${'matched'}         | ${'matched'}         | ${'.'}
  ${'match settled'}                  | ${'.'}               | ${'.'}               | ${'.'}               | ${'.'}               | ${'ended matched'}
  ${'outage'}                         | ${'.'}               | ${'.'}               | ${'held'}            | ${'proposed'}        | ${'.'}
  ${'suspended'}                      | ${'suspended'}       | ${'suspended'}       | ${'suspended'}       | ${'.'}               | ${'.'}
  ${'drained'}                        | ${'ended drained'}   | ${'ended drained'}   | ${'ended drained'}   | ${'ended drained'}   | ${'.'}
`('[QU75] $event', ({ event, ...expected }: Record<string, string>) => {
  const happened = events[event ?? ''] as TicketEvent
  for (const before of states) {
    const after = stepTicket(before, happened)
    const isTold = before.is !== 'proposed' || before.matchId !== null
    if (before.is === 'suspended' || before.is === 'ended') expect(after).toBe(before)
    else if (expected[before.is] === '.') expect(after).toBe(before)
    else if (isTold || event !== 'outage') expect(shown(after)).toBe(expected[before.is])
  }
})

test('[QU75] along every path of seven events a ticket with a player away never searches, and an end is final', () => {
  let paths = 0
  function walk(state: TicketState, isAway: boolean, left: number): void {
    paths += 1
    if (state.is === 'held') expect(state.awayBy.size).toBeGreaterThan(0)
    if (left === 0) return
    for (const event of Object.values(events)) {
      const after = stepTicket(state, event)
      if (after === state) continue
      expect(state.is).not.toBe('ended')
      const awayNow = 'attendance' in event ? event.attendance.awayBy.size > 0 : isAway
      // A rejected proposal says nothing of who is here: its tickets are asked at once.
      if (after.is === 'searching' && event.type !== 'proposal.rejected') expect(awayNow).toBe(false)
      walk(after, awayNow, left - 1)
    }
  }
  walk({ is: 'opening' }, false, 7)
  expect(paths).toBeGreaterThan(1_000)
})

test('[QU75] a ticket waits for each player as long as was said first, and an outage is added', () => {
  const held = stepTicket({ is: 'searching' }, { type: 'attendance.changed', attendance: away(1_000) })
  const later = stepTicket(held, { type: 'attendance.changed', attendance: away(9_000) })
  expect(later).toEqual({ is: 'held', awayBy: new Map([[ann, 1_000]]) })
  expect(stepTicket(later, { type: 'outage.ended', outageMs: 300 })).toEqual({
    is: 'held',
    awayBy: new Map([[ann, 1_300]]),
  })
})

test('[QU75] an outage is added to the instant at which a match was proposed', () => {
  const proposed = stepTicket(
    { is: 'proposed', matchId: null, proposedAt: null },
    events['match stored'] as TicketEvent,
  )
  expect(stepTicket(proposed, events.outage as TicketEvent)).toMatchObject({ proposedAt: 1_000 })
})
