import type { EpochMs } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'

/** Why a ticket ended. `notOpened`: it could not be stored or queued, and its request was refused. */
export type EndReason = 'matched' | 'cancelled' | 'expired' | 'declined' | 'drained' | 'notOpened'

/**
 * - `opening`: the ticket is being stored.
 * - `searching`: the matchmaker has it, and all its players are here.
 * - `held`: some players are away; it waits for each of them until an instant.
 * - `proposed`: the matchmaker has put it into a group. `matchId` is set once the match is stored; its players then have
 *   to accept, or get their seats.
 * - `matched`: its players have seats. It stays on record until the match has begun, because the match may still fail.
 * - `suspended`: the process stops; the ticket stays on record for the next start.
 * - `ended`: nothing happens to it any more.
 */
export type TicketState =
  | { readonly is: 'opening' }
  | { readonly is: 'searching' }
  | { readonly is: 'held'; readonly awayBy: ReadonlyMap<PlayerId, EpochMs> }
  | { readonly is: 'proposed'; readonly matchId: MatchId | null; readonly proposedAt: EpochMs | null }
  | { readonly is: 'matched'; readonly matchId: MatchId }
  | { readonly is: 'suspended' }
  | { readonly is: 'ended'; readonly reason: EndReason }

/** Which players of the ticket are away, and until when it waits for each at most. */
export interface Attendance {
  /** Whether its players are still one party, or a single player. */
  isTogether: boolean
  awayBy: ReadonlyMap<PlayerId, EpochMs>
}

export type TicketEvent =
  | { type: 'opened'; attendance: Attendance }
  | { type: 'notOpened' }
  | { type: 'attendance.changed'; attendance: Attendance }
  | { type: 'wait.expired' }
  | { type: 'party.changed' }
  | { type: 'player.left' }
  | { type: 'player.declined' }
  | { type: 'proposed' }
  | { type: 'proposal.rejected' }
  | { type: 'match.stored'; matchId: MatchId; at: EpochMs }
  | { type: 'match.cancelled'; attendance: Attendance }
  | { type: 'seated'; matchId: MatchId }
  | { type: 'match.settled' }
  | { type: 'outage.ended'; outageMs: number }
  | { type: 'suspended' }
  | { type: 'drained' }

type StateOf<Is extends TicketState['is']> = Extract<TicketState, { is: Is }>
type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>
/** What each event does in each state. An event that is not named changes nothing. */
type Transitions = {
  [Is in TicketState['is']]: {
    [Type in TicketEvent['type']]?: (state: StateOf<Is>, event: EventOf<Type>) => TicketState
  }
}

const SEARCHING: TicketState = { is: 'searching' }
const SUSPENDED: TicketState = { is: 'suspended' }

const to = (state: TicketState) => () => state
const end = (reason: EndReason) => to({ is: 'ended', reason })
const seat = (_: TicketState, { matchId }: EventOf<'seated'>): TicketState => ({ is: 'matched', matchId })

/** Searches when all players are present, waits for those who are away, and ends when the party has changed. */
function search(_: TicketState, { attendance: { isTogether, awayBy } }: { attendance: Attendance }): TicketState {
  if (!isTogether) return { is: 'ended', reason: 'cancelled' }
  return awayBy.size === 0 ? SEARCHING : { is: 'held', awayBy }
}

/** A player who was away before keeps the deadline. */
function searchOrHold({ awayBy: known }: StateOf<'held'>, { attendance }: EventOf<'attendance.changed'>): TicketState {
  const awayBy = new Map([...attendance.awayBy].map(([id, until]) => [id, known.get(id) ?? until]))
  return search(SEARCHING, { attendance: { ...attendance, awayBy } })
}

const transitions: Transitions = {
  opening: {
    opened: search,
    seated: seat,
    notOpened: end('notOpened'),
    'party.changed': end('cancelled'),
    'player.left': end('cancelled'),
    suspended: to(SUSPENDED),
    drained: end('drained'),
  },
  searching: {
    // The matchmaker may refuse it.
    notOpened: end('notOpened'),
    'attendance.changed': search,
    'party.changed': end('cancelled'),
    'player.left': end('cancelled'),
    proposed: to({ is: 'proposed', matchId: null, proposedAt: null }),
    seated: seat,
    suspended: to(SUSPENDED),
    drained: end('drained'),
  },
  held: {
    'attendance.changed': searchOrHold,
    'wait.expired': end('expired'),
    'party.changed': end('cancelled'),
    'player.left': end('cancelled'),
    seated: seat,
    'outage.ended': ({ awayBy }, { outageMs }) => ({
      is: 'held',
      awayBy: new Map([...awayBy].map(([id, until]) => [id, until + outageMs])),
    }),
    suspended: to(SUSPENDED),
    drained: end('drained'),
  },
  proposed: {
    'match.stored': (_, { matchId, at }) => ({ is: 'proposed', matchId, proposedAt: at }),
    'proposal.rejected': to(SEARCHING),
    'match.cancelled': search,
    seated: seat,
    'player.left': end('cancelled'),
    'player.declined': end('declined'),
    'outage.ended': (state, { outageMs }) =>
      state.proposedAt === null ? state : { ...state, proposedAt: state.proposedAt + outageMs },
    drained: end('drained'),
  },
  matched: {
    'match.settled': end('matched'),
  },
  suspended: {},
  ended: {},
}

/** The state after an event; the same object when the event changes nothing. */
export function stepTicket<State extends TicketState>(state: State, event: TicketEvent): TicketState {
  const transition = transitions[state.is][event.type] as
    | ((state: TicketState, event: TicketEvent) => TicketState)
    | undefined
  return transition ? transition(state, event) : state
}

/** Whether the ticket waits for a match. */
export const isQueued = ({ is }: TicketState): boolean => is === 'searching' || is === 'held'
