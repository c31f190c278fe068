import { and, assertEvent, emit, enqueueActions, not, setup } from 'xstate'
import type { MatchFact, MatchState, Outcome } from '../../protocol/match-view.ts'
import * as lanes from './commands.ts'
import { shownDeadline } from './deadlines.ts'
import type { MachineEvent } from './machine-events.ts'
import * as is from './match-context.ts'
import { type Change, type MatchContext, type MatchInput, openingContext } from './match-context.ts'
import * as outages from './outages.ts'
import * as pausing from './pausing.ts'
import * as results from './results.ts'
import * as seating from './seating.ts'
import { isPresent, isTaken, seatOf } from './seats.ts'

type Enqueue = { assign(next: Partial<MatchContext>): void; emit(fact: MatchFact): void }

function carryOut(enqueue: Enqueue, { next, facts }: Change): void {
  if (Object.keys(next).length > 0) enqueue.assign(next)
  for (const fact of facts) enqueue.emit(fact)
}
type Wait = 'joinMs' | 'countdownMs' | 'maxMs' | 'settleMs' | 'rematchMs'

/**
 * The life of a match, as a pure machine: deadlines are data in the context, and every event has its instant. The
 * events it emits are the match's log. This file says when something may happen; the files beside it say what changes.
 */
export const matchMachine = setup({
  types: {
    context: {} as MatchContext,
    input: {} as MatchInput,
    events: {} as MachineEvent,
    emitted: {} as MatchFact,
  },
  guards: {
    wantsReadyCheck: ({ context }) => context.mode.readyCheckMs > 0,
    everyoneAccepted: ({ context: { seats, accepted } }) => is.areAllAmong(seats.filter(isTaken), accepted),
    tooFewRemain: ({ context }) => is.tooFewRemain(context),
    thereIsRoom: ({ context }) => is.hasRoom(context),
    everyoneIsHere: ({ context }) => is.everyoneIsHere(context),
    everyoneIsReady: ({ context }) =>
      is.areAllAmong(context.seats.filter(isPresent), context.ready) && is.everyoneIsHere(context),
    nobodyRemains: ({ context }) => is.nobodyRemains(context),
    thereIsNoCountdown: ({ context }) => context.mode.countdownMs === 0,
    hasRules: ({ context }) => context.mode.hasRules,
    isWonByForfeit: ({ context }) => is.isWonByForfeit(context),
    isDecided: ({ context }) => context.outcome !== null,
    whoPausedIsGone: ({ context }) =>
      context.seats.some((seat) => seat.seat === context.pause?.seat && seat.status === 'left'),
    somebodyClaimed: ({ context }) => Object.keys(context.claims).length > 0,
    somebodyMayReturn: ({ context, event }) => results.somebodyMayReturn(context, event.at),
    everyoneAgrees: ({ context }) => results.everyoneAgrees(context),
    nothingIsLeftToSay: ({ context }) =>
      context.outcome === 'cancelled' ||
      context.outcome === 'aborted' ||
      (is.nobodyIsConnected(context) && !context.isAwaitingReturn),
    whoComesWasAway: ({ context, event }) =>
      'playerId' in event && seatOf(context.seats, event.playerId)?.status === 'away',
    whoAsksIsHere: ({ context, event }) => 'seat' in event && context.seats[event.seat ?? -1]?.status === 'present',
    deadlineHasPassed: ({ context, event }) => context.deadline !== null && event.at >= context.deadline.at,
  },
  actions: {
    acceptProposal: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['player.accepted', 'player.declined'])
      carryOut(enqueue, lanes.acceptProposal(context, event))
    }),
    declineProposal: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'player.declined')
      carryOut(enqueue, seating.vacateSeat(context, event.playerId, 'declined'))
    }),
    vacateUnaccepted: enqueueActions(({ context, enqueue }) => carryOut(enqueue, seating.vacateUnaccepted(context))),
    seatPlayer: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'player.joined')
      carryOut(enqueue, seating.seatPlayer(context, event))
    }),
    holdSeat: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'player.dropped')
      carryOut(enqueue, seating.holdSeat(context, event))
    }),
    holdSeatBeforePlay: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'player.dropped')
      carryOut(enqueue, seating.holdSeat(context, event, true))
    }),
    vacateSeat: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'player.quit')
      carryOut(enqueue, seating.vacateSeat(context, event.playerId, 'quit'))
    }),
    vacateOverdueSeats: enqueueActions(({ context, event, enqueue }) =>
      carryOut(enqueue, seating.vacateOverdueSeats(context, event.at)),
    ),
    vacateOverdueAndIdleSeats: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'deadline.passed')
      carryOut(enqueue, seating.vacateOverdueAndIdleSeats(context, event.at, event.heard))
    }),
    offerSeat: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'seat.offered')
      carryOut(enqueue, seating.addSeat(context, event.player, event.at))
    }),
    letSpectatorIn: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'spectator.joined')
      carryOut(enqueue, lanes.letSpectatorIn(context, event))
    }),
    letSpectatorOut: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'spectator.left')
      carryOut(enqueue, lanes.letSpectatorOut(context, event))
    }),
    sendOutsidersAway: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'lobby.changed')
      carryOut(enqueue, lanes.sendOutsidersAway(context, event))
    }),
    noteReady: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'player.readied')
      enqueue.assign({ ready: [...new Set([...context.ready, event.seat])] })
    }),
    beginGame: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'game.begun')
      carryOut(enqueue, lanes.beginGame(context, event))
    }),
    takeAction: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'action.taken')
      carryOut(enqueue, lanes.takeAction(context, event))
    }),
    setProperty: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'property.set')
      carryOut(enqueue, lanes.setProperty(context, event))
    }),
    pause: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'player.paused')
      carryOut(enqueue, pausing.pause(context, event.seat, event.at))
    }),
    resume: enqueueActions(({ context, event, enqueue }) => carryOut(enqueue, pausing.resume(context, event.at))),
    restore: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'service.restored')
      carryOut(enqueue, outages.restore(context, event))
    }),
    addBack: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'service.stalled')
      carryOut(enqueue, outages.addBack(context, event.outageMs, event.at))
    }),
    claimResult: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'result.claimed')
      carryOut(enqueue, results.claimResult(context, event.seat, event.claim))
    }),
    waitForReturn: enqueueActions(({ context, enqueue }) => carryOut(enqueue, results.waitForReturn(context))),
    waitForReturned: enqueueActions(({ context, event, enqueue }) =>
      carryOut(enqueue, results.waitForReturned(context, event.at)),
    ),
    decideAsAgreed: enqueueActions(({ context, enqueue }) => carryOut(enqueue, results.decideAsAgreed(context))),
    settle: enqueueActions(({ context, enqueue }) => carryOut(enqueue, results.settle(context))),
    decideByForfeit: enqueueActions(({ context, enqueue }) => carryOut(enqueue, results.decideByForfeit(context))),
    endWithout: enqueueActions(({ context, enqueue }, { outcome }: { outcome: Outcome }) => {
      if (context.outcome === null) enqueue.assign({ outcome })
    }),
    answerRematch: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'rematch.answered')
      carryOut(enqueue, lanes.answerRematch(context, event))
    }),
    agreeRematch: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'rematch.opened')
      carryOut(enqueue, lanes.agreeRematch(context, event))
    }),
    openJoinWindow: enqueueActions(({ context, event, enqueue }) => {
      // A match without a ready check is opened with its join window.
      if (context.deadline?.name !== 'joinBy')
        enqueue.assign({ deadline: { name: 'joinBy', at: event.at + context.mode.joinMs } })
    }),
    startClock: enqueueActions(({ context, event, enqueue }) => {
      // The deadline goes on after a pause.
      if (context.deadline?.name === 'endBy') return
      enqueue.assign({
        deadline: { name: 'endBy', at: event.at + context.mode.maxMs },
        seats: context.seats.map((seat) => (seat.status === 'present' ? { ...seat, activeAt: event.at } : seat)),
      })
    }),
    setDeadline: enqueueActions(({ context, event, enqueue }, { name, in: wait }: { name: string; in: Wait }) =>
      enqueue.assign({ deadline: { name, at: event.at + context.mode[wait] } }),
    ),
    dropDeadline: enqueueActions(({ enqueue }) => enqueue.assign({ deadline: null })),
    tellState: emit(({ context }, { state }: { state: MatchState }) => {
      const deadline = shownDeadline(state, context)
      return { type: 'state.changed' as const, state, ...(deadline && { deadline }) }
    }),
  },
}).createMachine({
  id: 'match',
  context: ({ input }) => openingContext(input),
  initial: 'opening',
  on: {
    'player.joined': { actions: 'seatPlayer' },
    'player.dropped': { actions: 'holdSeat' },
    'player.quit': { actions: 'vacateSeat' },
    'spectator.joined': { actions: 'letSpectatorIn' },
    'spectator.left': { actions: 'letSpectatorOut' },
    'lobby.changed': { actions: 'sendOutsidersAway' },
    'property.set': { actions: 'setProperty' },
    'service.restored': { actions: 'restore' },
    'service.stalled': { actions: 'addBack' },
    'match.faulted': { target: '.closed', actions: { type: 'endWithout', params: { outcome: 'aborted' } } },
    'operator.ended': { target: '.closed', actions: { type: 'endWithout', params: { outcome: 'aborted' } } },
  },
  states: {
    opening: {
      always: [{ guard: 'wantsReadyCheck', target: 'proposed' }, { target: 'gathering' }],
    },
    proposed: {
      entry: { type: 'tellState', params: { state: 'proposed' } },
      on: {
        'player.joined': {},
        'player.dropped': {},
        'player.quit': {},
        'player.accepted': { actions: 'acceptProposal' },
        'player.declined': { actions: 'declineProposal' },
        'operator.ended': { target: 'ended', actions: { type: 'endWithout', params: { outcome: 'cancelled' } } },
        'deadline.passed': { guard: 'deadlineHasPassed', actions: 'vacateUnaccepted' },
      },
      always: [
        { guard: 'tooFewRemain', target: 'ended', actions: { type: 'endWithout', params: { outcome: 'cancelled' } } },
        { guard: 'everyoneAccepted', target: 'gathering' },
      ],
    },
    gathering: {
      entry: ['openJoinWindow', { type: 'tellState', params: { state: 'gathering' } }],
      on: {
        'operator.ended': { target: 'ended', actions: { type: 'endWithout', params: { outcome: 'cancelled' } } },
        'seat.offered': { guard: 'thereIsRoom', actions: 'offerSeat' },
        'deadline.passed': [
          { guard: 'deadlineHasPassed', actions: ['vacateOverdueSeats', 'dropDeadline'] },
          { actions: 'vacateOverdueSeats' },
        ],
      },
      always: [
        { guard: 'tooFewRemain', target: 'ended', actions: { type: 'endWithout', params: { outcome: 'cancelled' } } },
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
        'operator.ended': { target: 'ended', actions: { type: 'endWithout', params: { outcome: 'cancelled' } } },
        'seat.offered': { guard: 'thereIsRoom', actions: 'offerSeat' },
        'player.dropped': { actions: 'holdSeatBeforePlay' },
        'player.readied': { actions: 'noteReady' },
        'deadline.passed': [
          { guard: 'deadlineHasPassed', target: 'playing', actions: 'vacateOverdueSeats' },
          { actions: 'vacateOverdueSeats' },
        ],
      },
      always: [
        { guard: 'tooFewRemain', target: 'ended', actions: { type: 'endWithout', params: { outcome: 'cancelled' } } },
        { guard: 'everyoneIsReady', target: 'playing' },
      ],
    },
    playing: {
      entry: ['startClock', { type: 'tellState', params: { state: 'playing' } }],
      on: {
        'seat.offered': { guard: 'thereIsRoom', actions: 'offerSeat' },
        'game.begun': { actions: 'beginGame' },
        'action.taken': { actions: 'takeAction' },
        'player.paused': { guard: 'whoAsksIsHere', target: 'paused', actions: 'pause' },
        'result.claimed': { target: 'settling', actions: 'claimResult' },
        'deadline.passed': [
          {
            guard: and(['deadlineHasPassed', 'hasRules']),
            target: 'ended',
            actions: ['vacateOverdueSeats', { type: 'endWithout', params: { outcome: 'abandoned' } }],
          },
          { guard: 'deadlineHasPassed', target: 'settling', actions: 'vacateOverdueSeats' },
          { actions: 'vacateOverdueAndIdleSeats' },
        ],
      },
      always: [
        { guard: 'isDecided', target: 'ended' },
        { guard: 'nobodyRemains', target: 'ended', actions: { type: 'endWithout', params: { outcome: 'abandoned' } } },
        { guard: 'isWonByForfeit', target: 'ended', actions: 'decideByForfeit' },
      ],
    },
    paused: {
      entry: { type: 'tellState', params: { state: 'paused' } },
      on: {
        'player.resumed': { target: 'playing', actions: 'resume' },
        'deadline.passed': [
          { guard: 'deadlineHasPassed', target: 'playing', actions: ['vacateOverdueSeats', 'resume'] },
          { actions: 'vacateOverdueSeats' },
        ],
      },
      always: [
        { guard: 'nobodyRemains', target: 'ended', actions: { type: 'endWithout', params: { outcome: 'abandoned' } } },
        { guard: 'isWonByForfeit', target: 'ended', actions: 'decideByForfeit' },
        { guard: 'whoPausedIsGone', target: 'playing', actions: 'resume' },
      ],
    },
    settling: {
      entry: [
        { type: 'setDeadline', params: { name: 'settleBy', in: 'settleMs' } },
        { type: 'tellState', params: { state: 'settling' } },
      ],
      on: {
        'result.claimed': { actions: 'claimResult' },
        'player.joined': [
          { guard: 'whoComesWasAway', actions: ['seatPlayer', 'waitForReturned'] },
          { actions: 'seatPlayer' },
        ],
        'deadline.passed': [
          {
            guard: and(['deadlineHasPassed', 'somebodyMayReturn']),
            actions: ['vacateOverdueSeats', 'waitForReturn'],
          },
          {
            guard: and(['deadlineHasPassed', 'somebodyClaimed']),
            target: 'ended',
            actions: ['vacateOverdueSeats', 'settle'],
          },
          {
            guard: 'deadlineHasPassed',
            target: 'ended',
            actions: ['vacateOverdueSeats', { type: 'endWithout', params: { outcome: 'abandoned' } }],
          },
          { actions: 'vacateOverdueSeats' },
        ],
      },
      always: [
        { guard: 'everyoneAgrees', target: 'ended', actions: 'decideAsAgreed' },
        { guard: and(['isWonByForfeit', not('somebodyClaimed')]), target: 'ended', actions: 'decideByForfeit' },
        { guard: and(['nobodyRemains', 'somebodyClaimed']), target: 'ended', actions: 'settle' },
        {
          guard: and(['nobodyRemains', not('somebodyClaimed')]),
          target: 'ended',
          actions: { type: 'endWithout', params: { outcome: 'abandoned' } },
        },
      ],
    },
    ended: {
      entry: [
        { type: 'setDeadline', params: { name: 'closeBy', in: 'rematchMs' } },
        { type: 'tellState', params: { state: 'ended' } },
      ],
      on: {
        'rematch.answered': { actions: 'answerRematch' },
        'rematch.opened': { actions: 'agreeRematch' },
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
