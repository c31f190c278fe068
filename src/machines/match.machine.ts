import { and, assign, emit, enqueueActions, setup } from 'xstate'
import { away, type LeftWhy, left, present, type Seat, seatOf, withSeat } from '../match/seats.ts'
import type { EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import type { Deadline, MatchFact, MatchState, Outcome } from '../protocol/match-view.ts'
import * as is from './match-context.ts'
import { type MatchContext, type MatchInput, openingContext } from './match-context.ts'

type Happened = { at: EpochMs }

/** What can happen to a match. Made by the runtime; no client ever names one. */
export type MatchHappening = Happened &
  (
    | { type: 'player.joined'; playerId: PlayerId }
    | { type: 'player.dropped'; playerId: PlayerId }
    | { type: 'player.quit'; playerId: PlayerId }
    | { type: 'deadline.passed' }
    | { type: 'match.faulted' }
  )

const deadlineHasPassed = ({ context, event }: { context: MatchContext; event: Happened }) =>
  context.deadline !== null && event.at >= context.deadline.at

const vacated = (seat: Seat, why: LeftWhy): MatchFact =>
  why === 'forfeited' ? { type: 'player.forfeited', seat: seat.seat } : { type: 'player.left', seat: seat.seat, why }

/**
 * The life of a match, pure: deadlines are data in the context, and time comes in with each happening.
 * What it emits is the match's log.
 */
export const matchMachine = setup({
  types: {
    context: {} as MatchContext,
    input: {} as MatchInput,
    events: {} as MatchHappening,
    emitted: {} as MatchFact,
  },
  guards: {
    tooFewRemain: ({ context }) => is.tooFewRemain(context),
    everyoneIsHere: ({ context }) => is.everyoneIsHere(context),
    nobodyRemains: ({ context }) => is.nobodyRemains(context),
    thereIsNoCountdown: ({ context }) => context.mode.countdownMs === 0,
    nothingIsLeftToSay: ({ context }) =>
      is.nobodyIsConnected(context) || context.outcome === 'cancelled' || context.outcome === 'aborted',
    deadlineHasPassed,
  },
  actions: {
    seatPlayer: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'player.joined') return
      const seat = seatOf(context.seats, event.playerId)
      if (!seat || seat.status === 'present' || seat.status === 'left') return
      enqueue.assign({ seats: withSeat(context.seats, present(seat)) })
      enqueue.emit(
        seat.status === 'away'
          ? { type: 'player.back', seat: seat.seat }
          : { type: 'player.joined', seat: seat.seat, playerId: seat.playerId, name: seat.name },
      )
    }),
    holdSeat: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'player.dropped') return
      const seat = seatOf(context.seats, event.playerId)
      if (seat?.status !== 'present') return
      const until = is.graceEndsAt(context, event.at)
      enqueue.assign({ seats: withSeat(context.seats, away(seat, until)) })
      enqueue.emit({ type: 'player.away', seat: seat.seat, until })
    }),
    vacateSeat: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'player.quit') return
      const seat = seatOf(context.seats, event.playerId)
      if (!seat || seat.status === 'left') return
      enqueue.assign({ seats: withSeat(context.seats, left(seat, 'quit')) })
      enqueue.emit(vacated(seat, 'quit'))
    }),
    vacateOverdueSeats: enqueueActions(({ context, event, enqueue }) => {
      const { seats, deadline } = context
      const joinBy = deadline?.name === 'joinBy' ? deadline.at : Number.POSITIVE_INFINITY
      const whyOverdue = (seat: Seat): LeftWhy | null => {
        if (seat.status === 'reserved' && joinBy <= event.at) return 'noShow'
        return seat.status === 'away' && seat.until <= event.at ? 'forfeited' : null
      }
      enqueue.assign({
        seats: seats.map((seat) => {
          const why = whyOverdue(seat)
          return why ? left(seat, why) : seat
        }),
      })
      for (const seat of seats) {
        const why = whyOverdue(seat)
        if (why) enqueue.emit(vacated(seat, why))
      }
    }),
    closeJoinWindow: assign({ deadline: null }),
    setDeadline: assign({
      deadline: (
        { context, event },
        { name, in: wait }: { name: Deadline['name']; in: 'countdownMs' | 'maxMs' | 'rematchMs' },
      ) => ({
        name,
        at: event.at + context.mode[wait],
      }),
    }),
    dropDeadline: assign({ deadline: null }),
    decide: assign({ outcome: (_, { outcome }: { outcome: Outcome }) => outcome }),
    tellState: emit(({ context }, { state }: { state: MatchState }) => ({
      type: 'state.changed' as const,
      state,
      ...(context.deadline && { deadline: context.deadline }),
    })),
  },
}).createMachine({
  id: 'match',
  context: ({ input }) => openingContext(input),
  initial: 'gathering',
  on: {
    'match.faulted': { target: '.closed', actions: { type: 'decide', params: { outcome: 'aborted' } } },
  },
  states: {
    gathering: {
      entry: { type: 'tellState', params: { state: 'gathering' } },
      on: {
        'player.joined': { actions: 'seatPlayer' },
        'player.dropped': { actions: 'holdSeat' },
        'player.quit': { actions: 'vacateSeat' },
        'deadline.passed': [
          { guard: 'deadlineHasPassed', actions: ['vacateOverdueSeats', 'closeJoinWindow'] },
          { actions: 'vacateOverdueSeats' },
        ],
      },
      always: [
        { guard: 'tooFewRemain', target: 'ended', actions: { type: 'decide', params: { outcome: 'cancelled' } } },
        { guard: and(['everyoneIsHere', 'thereIsNoCountdown']), target: 'playing' },
        { guard: 'everyoneIsHere', target: 'countdown' },
      ],
    },
    countdown: {
      entry: [
        { type: 'setDeadline', params: { name: 'startAt', in: 'countdownMs' } },
        { type: 'tellState', params: { state: 'countdown' } },
      ],
      on: {
        'player.joined': { actions: 'seatPlayer' },
        'player.dropped': { actions: 'holdSeat' },
        'player.quit': { actions: 'vacateSeat' },
        'deadline.passed': [
          { guard: 'deadlineHasPassed', target: 'playing', actions: 'vacateOverdueSeats' },
          { actions: 'vacateOverdueSeats' },
        ],
      },
      always: {
        guard: 'tooFewRemain',
        target: 'ended',
        actions: { type: 'decide', params: { outcome: 'cancelled' } },
      },
    },
    playing: {
      entry: [
        { type: 'setDeadline', params: { name: 'endBy', in: 'maxMs' } },
        { type: 'tellState', params: { state: 'playing' } },
      ],
      on: {
        'player.joined': { actions: 'seatPlayer' },
        'player.dropped': { actions: 'holdSeat' },
        'player.quit': { actions: 'vacateSeat' },
        'deadline.passed': [
          {
            guard: 'deadlineHasPassed',
            target: 'ended',
            actions: ['vacateOverdueSeats', { type: 'decide', params: { outcome: 'abandoned' } }],
          },
          { actions: 'vacateOverdueSeats' },
        ],
      },
      always: {
        guard: 'nobodyRemains',
        target: 'ended',
        actions: { type: 'decide', params: { outcome: 'abandoned' } },
      },
    },
    ended: {
      entry: [
        { type: 'setDeadline', params: { name: 'closeBy', in: 'rematchMs' } },
        { type: 'tellState', params: { state: 'ended' } },
      ],
      on: {
        'player.joined': { actions: 'seatPlayer' },
        'player.dropped': { actions: 'holdSeat' },
        'player.quit': { actions: 'vacateSeat' },
        'deadline.passed': { guard: 'deadlineHasPassed', target: 'closed' },
      },
      always: { guard: 'nothingIsLeftToSay', target: 'closed' },
    },
    closed: {
      entry: ['dropDeadline', { type: 'tellState', params: { state: 'closed' } }],
      type: 'final',
    },
  },
})
