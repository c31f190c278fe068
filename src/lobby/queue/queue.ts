import type { Mode } from '../../config/modes.ts'
import type { Clock, Log, NewId } from '../../ports.ts'
import type { AnswerOf, PayloadOf } from '../../protocol/declare.ts'
import type { lobby } from '../../protocol/events/lobby.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { Gap, ServiceTime } from '../../util/outage.ts'
import type { Blocks, Groups, MatchService, People, Player, Ratings } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import type { SeatIndex } from '../seats/seat-index.ts'
import { type Explained, explainTicket } from './explain.ts'
import { createLeave } from './leave.ts'
import { createLifecycle, type Place } from './lifecycle.ts'
import { createAnswers } from './matching/answers.ts'
import { createMatching } from './matching/matching.ts'
import { createMatchmaking } from './matching/matchmaking.ts'
import { createOpenMatches } from './matching/open-matches.ts'
import { createRecentOpponents } from './matching/recent-opponents.ts'
import { wishesIn } from './matching/requirements.ts'
import { createAddressPenalties } from './penalties/address-penalties.ts'
import { createExcuses } from './penalties/excuses.ts'
import { createPenalties } from './penalties/penalties.ts'
import type { QueueJournal } from './queue-log.ts'
import { createTicketRegistry, type Ticket, waitedMs } from './tickets.ts'

type Requests = typeof lobby.requests
type JoinRequest = PayloadOf<Requests['queue:join']>
type Joined = AnswerOf<Requests['queue:join']>
type TicketView = Joined['ticket']

export interface QueueParts {
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  matchService: MatchService
  seats: SeatIndex
  people: People
  groups: Groups
  blocks: Blocks
  ratings: Ratings
  records: RecordStore
  /** Whether the records outlive the process: then tickets do too. */
  isLasting: boolean
  journal: QueueJournal | null
  /** Where a guest comes from, for whom nobody answers; null for anyone else. It is kept, and says nothing to others. */
  originOf: (playerId: PlayerId) => string | null
  /** Whether the player has played a match here before, also before a restart. */
  hasPlayed: (playerId: PlayerId) => boolean
  /** Said of a player who is queued now, or no longer. */
  statusChanged: (playerId: PlayerId) => void
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}
const MANY_NEWCOMERS = 'Many new players from where you are have let matches down. Wait a moment, or sign in.'

export type Queue = ReturnType<typeof createQueue>

/** Those who wait for a match. A player has one ticket at most, whichever tab asks; every ticket ends exactly once. */
export function createQueue(parts: QueueParts) {
  const { modes, regions, matchService, seats, groups, blocks, records, isLasting, clock } = parts
  let hasDrained = false
  const isDrained = () => hasDrained
  const tickets = createTicketRegistry()
  const penalties = createPenalties({ records, clock })
  const addressPenalties = createAddressPenalties(parts)
  const excuses = createExcuses()
  const opponents = createRecentOpponents(clock)
  const blockedBy = (ticket: Ticket) => ticket.members.flatMap(({ id }) => blocks.of(id))
  const matchmaking = createMatchmaking({ ...parts, opponents, blockedBy, propose: (made) => matching.propose(made) })
  const lifecycle = createLifecycle({ ...parts, tickets, matchmaking, isTogether, isDrained })
  const matchOf = (playerId: PlayerId) => seats.liveSeatOf(playerId)?.matchId
  const openMatches = createOpenMatches({ ...parts, matchOf, offerRoom: matchmaking.offerRoom })
  const punish = (playerId: PlayerId, reason: string) => {
    void addressPenalties.wasPunished(playerId)
    return penalties.punish(playerId, reason)
  }
  const rest = { tickets, lifecycle, matchmaking, openMatches, opponents, punish, excuses, isTogether, isDrained }
  const matching = createMatching({ ...parts, ...rest })
  parts.time.onOutage((outageMs) => {
    for (const ticket of new Set([...tickets.all(), ...lifecycle.matchedTickets.all()]))
      lifecycle.addBack(ticket, outageMs)
  })
  const answers = createAnswers({ ...parts, excuses })
  const leave = createLeave({ tickets, lifecycle, excuses, matchService, seats, clock })

  async function join(player: Player, { mode: modeId, ...asked }: JoinRequest): Promise<Joined | Refusal> {
    const mode = modes.get(modeId)
    const group = groups.groupOf(player.id)
    const members = group ? [player, ...group.members.filter(({ id }) => id !== player.id)] : [player]
    if (hasDrained) return refuse('DRAINING')
    if (!matchService.isOpen()) return refuse('UNAVAILABLE')
    if (!mode) return refuse('UNKNOWN_MODE')
    if (group && group.leaderId !== player.id) return refuse('NOT_PARTY_LEADER')
    if (members.length > mode.teamSize) {
      return refuse('PARTY_TOO_LARGE', { because: `you are ${members.length}, a team has ${mode.teamSize}` })
    }
    addressPenalties.come(members)
    const refusal = whyNot(player, members)
    if (refusal) return refusal
    const wishes = wishesIn(mode, regions, asked)
    if ('ok' in wishes) return wishes
    const ticket = lifecycle.create(mode, members, wishes)
    if (await lifecycle.open(ticket)) return accept({ ticket: viewOf(ticket) })
    return refuse(hasDrained ? 'DRAINING' : 'UNAVAILABLE')
  }

  /** What keeps one of them from queueing, and whom. */
  function whyNot(asking: Player, members: readonly Player[]): Refusal | null {
    const named = (member: Player, says: string) => (member.id === asking.id ? {} : { says: `${member.name} ${says}` })
    const queued = members.find(({ id }) => tickets.of(id))
    if (queued) return refuse('ALREADY_QUEUED', named(queued, 'is already in a queue, and has to leave it first.'))
    const playing = members.find(({ id }) => seats.isSeated(id))
    if (playing) return refuse('ALREADY_IN_MATCH', named(playing, 'is in a match, and has to end or leave it first.'))
    const waits = members.map((member) => ({ member, ...waitOf(member.id) })).sort((a, b) => b.leftMs - a.leftMs)
    const [longest] = waits
    if (!longest || longest.leftMs === 0) return null
    const { member, leftMs: retryAfterMs, isForOthers } = longest
    const says = isForOthers ? { says: MANY_NEWCOMERS } : named(member, 'declined or left too often, and has to wait.')
    return refuse('QUEUE_PENALTY', { retryAfterMs, ...says })
  }

  function waitOf(playerId: PlayerId): { leftMs: number; isForOthers: boolean } {
    const own = penalties.leftMs(playerId)
    const others = addressPenalties.leftMs(playerId)
    return { leftMs: Math.max(own, others), isForOthers: others > own }
  }

  /** Those of the ticket are one party with nobody else in it, or one player in none. */
  function isTogether({ members }: Ticket): boolean {
    const ids = new Set(members.map(({ id }) => id))
    return members.every((player) => {
      const company = groups.groupOf(player.id)?.members ?? [player]
      return company.length === ids.size && company.every(({ id }) => ids.has(id))
    })
  }

  function explain(playerId: PlayerId): Explained | Refusal {
    const ticket = tickets.of(playerId)
    if (!ticket) return refuse('NOT_QUEUED')
    const proposed = seats.proposalOf(playerId)?.size ?? null
    return accept({
      waitedMs: waitedMs(ticket, clock.now()),
      searching: matchmaking.searching(ticket.mode),
      ...explainTicket(ticket, matchmaking, proposed),
    })
  }

  /**
   * The player's first connection is here, or the last one gone: nobody is matched with someone who is not there, and
   * with everybody here the ticket searches on, as old as it was.
   */
  function arrived(playerId: PlayerId): void {
    const matchId = seats.proposalOf(playerId)?.matchId ?? seats.liveSeatOf(playerId)?.matchId
    if (matchId) excuses.seen(matchId, playerId)
    attendanceChanged(playerId)
  }

  function attendanceChanged(playerId: PlayerId): void {
    const ticket = tickets.of(playerId)
    if (ticket && !hasDrained) lifecycle.attend(ticket)
  }

  /** The player has another name now, also in the match that is still to come. */
  function renamed({ id, name }: Pick<Player, 'id' | 'name'>): void {
    const ticket = tickets.of(id)
    if (ticket?.members.some((member) => member.id === id && member.name !== name)) lifecycle.rename(ticket, id, name)
  }

  /** The player blocks somebody, or no longer, which counts for the ticket too. */
  function blocksChanged(playerId: PlayerId): void {
    const ticket = tickets.of(playerId)
    if (ticket) matchmaking.refresh(ticket)
    openMatches.blocksChanged(playerId)
  }

  /** Somebody has come to a party, or left it: the ticket of its members was another party's. */
  function partyChanged(playerIds: readonly PlayerId[]): void {
    for (const ticket of new Set(playerIds.flatMap((id) => tickets.of(id) ?? []))) {
      lifecycle.apply(ticket, { type: 'party.changed' })
    }
  }

  async function restore(gap: Gap): Promise<void> {
    await penalties.restore(gap)
    await addressPenalties.restore(gap)
    await lifecycle.restore(gap, (ticket) => {
      const place = placeOf(ticket)
      if (place.is !== 'queued') for (const { id } of ticket.members) excuses.add(place.matchId, id, 'unseen')
      return place
    })
  }

  function placeOf({ members }: Pick<Ticket, 'members'>): Place {
    for (const { id } of members) {
      const seat = seats.liveSeatOf(id)
      if (seat) return { is: 'seated', matchId: seat.matchId }
      const proposal = seats.proposalOf(id)
      if (proposal) return { is: 'proposed', matchId: proposal.matchId }
    }
    return { is: 'queued' }
  }

  /** Takes no more tickets. Those on lasting record wait for the next start; others end. */
  function drain(): void {
    hasDrained = true
    for (const ticket of tickets.all()) {
      if (isLasting) lifecycle.suspend(ticket)
      else lifecycle.apply(ticket, { type: 'drained' })
    }
  }

  /** To be called when no match of this process goes on any more: what is stored waits for the next start. */
  function stop(): void {
    tickets.clear()
    lifecycle.matchedTickets.letGo()
    openMatches.letGo()
    excuses.clear()
    answers.clear()
  }

  const viewOf = ({ id, mode, queuedAt, expectedWaitMs }: Ticket): TicketView => ({
    id,
    mode: mode.id,
    queuedAt,
    estimatedWaitMs: expectedWaitMs,
  })

  function ticketOf(playerId: PlayerId): TicketView | undefined {
    const ticket = tickets.of(playerId)
    return ticket && ticket.state.is !== 'opening' ? viewOf(ticket) : undefined
  }

  const isQueued = (playerId: PlayerId) => tickets.of(playerId) !== undefined
  const { size } = tickets
  const changes = { departed: attendanceChanged, arrived, partyChanged, blocksChanged, renamed }
  const census = () => ({
    matchedTickets: lifecycle.matchedTickets.size(),
    openMatches: openMatches.size(),
    excuses: excuses.size(),
  })
  const asking = { penaltyOf: penalties.of, join, leave, answer: answers.answer, explain, ticketOf, isQueued }
  return { ...asking, ...changes, news: matching.news, restore, drain, stop, size, census }
}
