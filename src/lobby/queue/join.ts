import type { Mode } from '../../config/modes.ts'
import type { AnswerOf, PayloadOf } from '../../protocol/declare.ts'
import type { lobby } from '../../protocol/events/lobby.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { Groups, MatchService, Player } from '../ports.ts'
import type { SeatIndex } from '../seats/seat-index.ts'
import { wishesIn } from './matching/requirements.ts'
import type { QueuePenalties } from './penalties/queue-penalties.ts'
import type { Opening } from './tickets/opening.ts'
import { type TicketRegistry, viewOf } from './tickets/tickets.ts'

type JoinRequest = PayloadOf<(typeof lobby.requests)['queue:join']>
type Joined = AnswerOf<(typeof lobby.requests)['queue:join']>

interface JoinParts {
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  matchService: Pick<MatchService, 'isOpen'>
  seats: Pick<SeatIndex, 'isSeated'>
  groups: Groups
  tickets: TicketRegistry
  opening: Opening
  penalties: QueuePenalties
  isDrained: () => boolean
}
const MANY_NEWCOMERS = 'Many new players from where you are have let matches down. Wait a moment, or sign in.'

/** `queue:join`: a ticket for the player, or for the party that the player leads. */
export function createJoin(parts: JoinParts) {
  const { modes, regions, matchService, seats, groups, tickets, opening, penalties, isDrained } = parts

  async function join(player: Player, { mode: modeId, ...asked }: JoinRequest): Promise<Joined | Refusal> {
    const mode = modes.get(modeId)
    const group = groups.groupOf(player.id)
    const members = group ? [player, ...group.members.filter(({ id }) => id !== player.id)] : [player]
    if (isDrained()) return refuse('DRAINING')
    if (!matchService.isOpen()) return refuse('UNAVAILABLE')
    if (!mode) return refuse('UNKNOWN_MODE')
    if (group && group.leaderId !== player.id) return refuse('NOT_PARTY_LEADER')
    if (members.length > mode.teamSize) {
      return refuse('PARTY_TOO_LARGE', { because: `you are ${members.length}, a team has ${mode.teamSize}` })
    }
    penalties.queues(members)
    const refusal = whyNot(player, members)
    if (refusal) return refusal
    const wishes = wishesIn(mode, regions, asked)
    if ('ok' in wishes) return wishes
    const ticket = await opening.open(mode, members, wishes)
    if (ticket) return accept({ ticket: viewOf(ticket) })
    return refuse(isDrained() ? 'DRAINING' : 'UNAVAILABLE')
  }

  /** Why one of the players may not queue, in words that name the player; null when all may. */
  function whyNot(asking: Player, members: readonly Player[]): Refusal | null {
    const named = (member: Player, says: string) => (member.id === asking.id ? {} : { says: `${member.name} ${says}` })
    const queued = members.find(({ id }) => tickets.of(id))
    if (queued) return refuse('ALREADY_QUEUED', named(queued, 'is already in a queue, and has to leave it first.'))
    const playing = members.find(({ id }) => seats.isSeated(id))
    if (playing) return refuse('ALREADY_IN_MATCH', named(playing, 'is in a match, and has to end or leave it first.'))
    const longest = penalties.longestOf(members)
    if (!longest) return null
    const { member, leftMs: retryAfterMs, isForOthers } = longest
    const says = isForOthers ? { says: MANY_NEWCOMERS } : named(member, 'declined or left too often, and has to wait.')
    return refuse('QUEUE_PENALTY', { retryAfterMs, ...says })
  }

  return join
}
