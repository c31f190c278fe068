import type { Mode } from '../../modes.ts'
import type { Clock, EpochMs, Log, NewId } from '../../ports.ts'
import type { AnswerOf, PayloadOf } from '../../protocol/declare.ts'
import type { MatchId, PlayerId, TicketId } from '../../protocol/ids.ts'
import type { lobby } from '../../protocol/lobby.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { Proposal } from '../matchmaker/face.ts'
import type { Blocks, CancelledMatch, Groups, MatchDesk, Offers, People, Player, Ratings, SeatOffer } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { createRounds } from '../rounds.ts'
import { createEntries, type Entry, type Wishes } from './entries.ts'
import { lineOf, type QueueJournal } from './journal.ts'
import { keepTickets } from './kept-tickets.ts'
import { createMatchmaking } from './matchmaking.ts'
import { createOpenMatches } from './open-matches.ts'
import { createOpponents } from './opponents.ts'
import { createPenalties } from './penalties.ts'

type Requests = typeof lobby.requests
type JoinRequest = PayloadOf<Requests['queue:join']>
type Joined = AnswerOf<Requests['queue:join']>
type Left = AnswerOf<Requests['queue:leave']>
type Explained = AnswerOf<Requests['queue:explain']>
type TicketView = Joined['ticket']
type EndReason = 'matched' | 'cancelled' | 'expired' | 'declined' | 'drained'

// A reload or a change of network takes seconds; whoever is away longer has walked off.
const AWAY_MS = 15_000
// After a restart everybody has to come back first.
const AWAY_AFTER_RESTART_MS = 30_000

interface Progress {
  matchId: MatchId
  accepted: number
  size: number
  players: readonly PlayerId[]
}
export interface QueueParts {
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  desk: MatchDesk
  people: People
  groups: Groups
  blocks: Blocks
  ratings: Ratings
  records: RecordStore
  /** Whether the records outlive the process: then tickets do too. */
  isLasting: boolean
  journal: QueueJournal | null
  /** Said of a player who is queued now, or no longer. */
  statusChanged: (playerId: PlayerId) => void
  clock: Clock
  newId: NewId
  log: Log
}
export type Queue = ReturnType<typeof createQueue>

/** Those who wait for a match. A player has one ticket at most, whichever tab asks; every ticket ends exactly once. */
export function createQueue(parts: QueueParts) {
  const { modes, desk, people, groups, blocks, ratings, records, journal, statusChanged, clock, newId, log } = parts
  const entries = createEntries()
  const kept = keepTickets(records, log)
  const penalties = createPenalties({ records, clock })
  const opponents = createOpponents(clock)
  const rounds = createRounds<Entry>(clock, tellProgress)
  /** Tickets that ended in a match which has not begun yet: it may still come to nothing. */
  const seated = new Map<MatchId, Entry[]>()
  const blockedBy = (entry: Entry) => entry.members.flatMap(({ id }) => blocks.of(id))
  const matchmaking = createMatchmaking({ ...parts, opponents, blockedBy, propose })
  const openMatches = createOpenMatches({ modes, ratings, tellRoom: matchmaking.roomChanged, log })
  let isDrained = false

  async function join(player: Player, { mode: modeId, ...wishes }: JoinRequest): Promise<Joined | Refusal> {
    const mode = modes.get(modeId)
    const group = groups.groupOf(player.id)
    const members = group ? [player, ...group.members.filter(({ id }) => id !== player.id)] : [player]
    if (isDrained) return refuse('DRAINING')
    if (!desk.isOpen()) return refuse('UNAVAILABLE')
    if (!mode) return refuse('UNKNOWN_MODE')
    if (group && group.leaderId !== player.id) return refuse('NOT_PARTY_LEADER')
    if (members.length > mode.teamSize) return refuse('PARTY_TOO_LARGE')
    const refusal = whyNot(members)
    if (refusal) return refusal
    const entry = newEntry(mode, members, wishes, clock.now())
    if (await open(entry)) return accept({ ticket: viewOf(entry) })
    return refuse(isDrained ? 'DRAINING' : 'UNAVAILABLE')
  }

  /** What keeps one of them from queueing. */
  function whyNot(members: readonly Player[]): Refusal | null {
    const ids = members.map(({ id }) => id)
    if (ids.some((id) => entries.of(id))) return refuse('ALREADY_QUEUED')
    if (ids.some((id) => desk.isSeated(id))) return refuse('ALREADY_IN_MATCH')
    const retryAfterMs = Math.max(...ids.map((id) => penalties.leftMs(id)))
    return retryAfterMs > 0 ? refuse('QUEUE_PENALTY', { retryAfterMs }) : null
  }

  function newEntry(mode: Mode, members: readonly Player[], wishes: Wishes, queuedAt: EpochMs): Entry {
    const id = newId() as TicketId
    const standing = { is: 'searching' as const }
    return { id, mode, members, wishes, queuedAt, ratings: [], standing, expectedWaitMs: null, predictedWaitMs: null }
  }

  /** Stores the ticket, then lets it search. False when that cannot be, and there is no ticket. */
  async function open(entry: Entry): Promise<boolean> {
    const { promise: opened, resolve } = Promise.withResolvers<boolean>()
    entry.standing = { is: 'opening', opened }
    entries.add(entry)
    const isKept = await rate(entry).then(
      () => kept.put(entry),
      () => false,
    )
    const isOpen = isKept && entries.has(entry) && !isDrained
    if (isOpen) begin(entry)
    else entries.delete(entry)
    resolve(isOpen)
    return isOpen
  }

  async function rate(entry: Entry): Promise<void> {
    entry.ratings = await Promise.all(entry.members.map((member) => ratings.of(entry.mode, member)))
  }

  function begin(entry: Entry): void {
    rounds.add(entry)
    search(entry)
    entry.expectedWaitMs = matchmaking.estimate(entry)
    entry.predictedWaitMs = entry.expectedWaitMs
    for (const { id } of entry.members) statusChanged(id)
  }

  /** Looks for a match, once everybody of the ticket is here. */
  function search(entry: Entry, awayMs = AWAY_MS): void {
    if (!entry.members.every(({ id }) => people.isOnline(id))) return hold(entry, awayMs)
    entry.standing = { is: 'searching' }
    matchmaking.add(entry)
  }

  function hold(entry: Entry, awayMs: number): void {
    stopSearching(entry)
    entry.standing = { is: 'held', letGo: clock.at(clock.now() + awayMs, () => end(entry, 'expired')) }
  }

  function stopSearching(entry: Entry): void {
    if (entry.standing.is === 'held') entry.standing.letGo()
    if (entry.standing.is === 'searching') matchmaking.remove(entry)
  }

  /** Takes the ticket out and says so; does nothing for one that has ended before. */
  function end(entry: Entry, reason: EndReason, matchId?: MatchId): void {
    if (!entries.has(entry)) return
    entries.delete(entry)
    rounds.delete(entry)
    stopSearching(entry)
    kept.forget(entry)
    journal?.write(lineOf(entry, { at: clock.now(), reason, matchId }, journal))
    const ticketId = entry.id
    for (const { id } of entry.members) {
      people.tell(id, 'queue:ended', matchId ? { ticketId, reason, matchId } : { ticketId, reason })
      statusChanged(id)
    }
  }

  async function leave(playerId: PlayerId): Promise<Left | Refusal> {
    const entry = entries.of(playerId)
    if (!entry) return tooLate(playerId) ?? refuse('NOT_QUEUED')
    if (entry.standing.is === 'opening') await entry.standing.opened
    if (entry.standing.is === 'matching') {
      const matchId = await entry.standing.match
      const proposal = desk.proposalOf(playerId)
      if (matchId && !proposal) return tooLate(playerId) ?? refuse('NOT_QUEUED')
      // Who leaves while asked to accept has declined.
      if (proposal) return decline({ matchId: proposal.matchId, playerId })
    }
    end(entry, 'cancelled')
    return accept({ outcome: 'cancelled' })
  }

  async function decline(member: { matchId: MatchId; playerId: PlayerId }): Promise<Left | Refusal> {
    const reply = await desk.answerProposal(member, 'declined')
    if (reply.ok) return accept({ outcome: 'cancelled' })
    return tooLate(member.playerId) ?? reply
  }

  function tooLate(playerId: PlayerId): Left | null {
    const matchId = desk.liveSeatOf(playerId)?.matchId
    return matchId ? accept({ outcome: 'tooLate' as const, matchId }) : null
  }

  function propose(proposal: Proposal): void {
    const mode = modes.get(proposal.mode) as Mode
    const group = proposal.teams.flat().flatMap(({ id }) => entries.get(id) ?? [])
    const match = proposal.backfill ? joinMatch(mode, proposal, group) : makeMatch(mode, proposal, group)
    for (const entry of group) entry.standing = { is: 'matching', match, proposal }
  }

  async function makeMatch(mode: Mode, proposal: Proposal, group: Entry[]): Promise<MatchId | null> {
    const matchId = await desk.open(mode, seatsOf(mode, proposal, group)).catch(() => null)
    const news = matchId && desk.announce(matchId)
    if (!news) return searchOn(proposal, group)
    matchmaking.confirm(proposal)
    for (const { standing } of group) if (standing.is === 'matching') standing.matchId = matchId
    if ('offers' in news) matchConfirmed(news.offers)
    else for (const { members } of group) for (const { id } of members) people.tell(id, 'match:proposed', news.proposal)
    return matchId
  }

  /** Into a match that goes on and has room; whoever finds none after all searches on. */
  function joinMatch(mode: Mode, proposal: Proposal, group: Entry[]): Promise<MatchId | null> {
    const matchId = proposal.backfill as MatchId
    return openMatches.whileSeating(matchId, async () => {
      const offers = await desk.offerSeats(matchId, seatsOf(mode, proposal, group)).catch(() => null)
      const isWhole = group.every(({ members }) =>
        members.every(({ id }) => offers?.some(({ playerId }) => playerId === id)),
      )
      if (!offers || !isWhole) return searchOn(proposal, group)
      matchmaking.confirm(proposal)
      matchConfirmed(offers)
      return matchId
    })
  }

  /** The players of a proposal in the order of their seats: the teams in turn; without teams the seats decide. */
  function seatsOf({ teamCount }: Mode, { teams }: Proposal, group: readonly Entry[]) {
    const byTeam = teams.map((tickets, team) =>
      tickets.flatMap(({ id }) => {
        const entry = group.find((one) => one.id === id)
        return (entry?.members ?? []).map(({ id: playerId, name }) => ({
          playerId,
          name,
          queuedAt: entry?.queuedAt ?? 0,
          ...(teamCount !== null && { team }),
        }))
      }),
    )
    const largest = Math.max(...byTeam.map(({ length }) => length))
    return Array.from({ length: largest }, (_, n) => byTeam.flatMap((team) => team[n] ?? [])).flat()
  }

  function searchOn(proposal: Proposal, group: readonly Entry[]): null {
    log.warn({ tickets: group.length }, 'no match could be made, players search on')
    matchmaking.reject(proposal)
    for (const entry of group) {
      if (!entries.has(entry)) matchmaking.remove(entry)
      else {
        entry.standing = { is: 'searching' }
        if (!entry.members.every(({ id }) => people.isOnline(id))) hold(entry, AWAY_MS)
      }
    }
    return null
  }

  /** The seats are sure: the tickets end, and everyone is told where to go. */
  function matchConfirmed(offers: Offers): void {
    for (const { playerId, offer } of offers) seat(playerId, offer)
  }

  function seat(playerId: PlayerId, offer: SeatOffer): void {
    const entry = entries.of(playerId)
    if (entry) {
      const others = seated.get(offer.matchId) ?? []
      seated.set(offer.matchId, [...others, entry])
      end(entry, 'matched', offer.matchId)
    }
    people.tell(playerId, 'match:found', { ...offer, joinBy: offer.joinBy ?? clock.now() })
  }

  function matchProgressed({ matchId, accepted, size, players }: Progress): void {
    for (const playerId of players) people.tell(playerId, 'match:progress', { matchId, accepted, size })
  }

  /** From here on nobody goes back to the queue. */
  function matchBegan(matchId: MatchId, teams: readonly (readonly PlayerId[])[]): void {
    seated.delete(matchId)
    opponents.met(teams)
  }

  function matchCancelled({ matchId, reason, innocent, others, isOver }: CancelledMatch): void {
    const guilty = new Set(others.map(({ playerId }) => playerId))
    const concerned = [...innocent, ...others].map(({ playerId }) => playerId)
    const tickets = new Set(concerned.flatMap((id) => waitingFor(matchId, id) ?? []))
    const former = new Set(
      (seated.get(matchId) ?? []).filter(({ members }) => members.some(({ id }) => concerned.includes(id))),
    )
    if (isOver) seated.delete(matchId)
    const back = [...tickets, ...former].filter((entry) => isInnocent(entry, guilty) && mayReturn(entry, tickets))
    const returning = new Set(back.flatMap(({ members }) => members.map(({ id }) => id)))
    for (const playerId of concerned) {
      people.tell(playerId, 'match:cancelled', { matchId, reason, requeued: returning.has(playerId) })
      if (isOver && guilty.has(playerId) && reason !== 'operator') void penalties.punish(playerId)
    }
    for (const entry of tickets) if (!back.includes(entry)) end(entry, 'declined')
    for (const entry of back) {
      if (tickets.has(entry)) search(entry)
      else void open({ ...entry, id: newId() as TicketId })
    }
  }

  const isInnocent = ({ members }: Entry, guilty: ReadonlySet<PlayerId>) => !members.some(({ id }) => guilty.has(id))

  /** A ticket that waited for all to accept searches on; one that ended has a successor, if all of its players are here. */
  function mayReturn({ members }: Entry, waiting: ReadonlySet<Entry>): boolean {
    if (isDrained) return false
    return members.every(({ id }) => {
      const entry = entries.of(id)
      return entry ? waiting.has(entry) : people.isOnline(id) && !desk.isSeated(id)
    })
  }

  /** The player's ticket, if it is this match that it waits for. */
  function waitingFor(matchId: MatchId, playerId: PlayerId): Entry | null {
    const entry = entries.of(playerId)
    return entry?.standing.is === 'matching' && entry.standing.matchId === matchId ? entry : null
  }

  /** The player's last connection is gone: nobody is matched with someone who is not there. */
  function departed(playerId: PlayerId): void {
    const entry = entries.of(playerId)
    if (entry?.standing.is === 'searching') hold(entry, AWAY_MS)
  }

  /** The player is connected again; with everybody here the ticket searches on, as old as it was. */
  function arrived(playerId: PlayerId): void {
    const entry = entries.of(playerId)
    if (entry?.standing.is !== 'held' || !entry.members.every(({ id }) => people.isOnline(id))) return
    entry.standing.letGo()
    search(entry)
  }

  /** Somebody has come to a party or left it: its ticket was for others. */
  function partyChanged(playerIds: readonly PlayerId[]): void {
    for (const entry of new Set(playerIds.flatMap((id) => entries.of(id) ?? []))) {
      if (entry.standing.is !== 'matching') end(entry, 'cancelled')
    }
  }

  function explain(playerId: PlayerId): Explained | Refusal {
    const entry = entries.of(playerId)
    if (!entry) return refuse('NOT_QUEUED')
    const why = matchmaking.explain(entry)
    const waitedMs = Math.max(0, clock.now() - entry.queuedAt)
    const window = {
      points: why?.slack == null ? null : Math.round(why.slack),
      anyoneAt: why ? Math.round(why.unconditionalAt) : null,
      arrivalsPerSecond: why ? why.density : null,
    }
    return accept({
      waitedMs,
      window,
      searching: matchmaking.searching(entry.mode),
      blockedBy: reasons(why?.blockedBy ?? {}),
    })
  }

  /** Brings back the tickets on record; their players have to come back too. */
  async function restore(): Promise<void> {
    await penalties.restore()
    for (const ticket of await kept.load(modes)) {
      const entry: Entry = { ...ticket, standing: { is: 'searching' } }
      const [{ id: first }] = entry.members as [Player]
      const isTaken = entry.members.some(({ id }) => entries.of(id))
      if (isTaken || desk.liveSeatOf(first)) kept.forget(entry)
      else {
        entries.add(entry)
        rounds.add(entry)
        const matchId = desk.proposalOf(first)?.matchId
        if (matchId) entry.standing = { is: 'matching', match: Promise.resolve(matchId), matchId }
        else search(entry, AWAY_AFTER_RESTART_MS)
      }
    }
    if (entries.size() > 0) log.info({ tickets: entries.size() }, 'tickets restored')
  }

  /** Takes no more tickets. Those on lasting record wait for the next start; others end. */
  function drain(): void {
    isDrained = true
    for (const entry of entries.all()) {
      if (!parts.isLasting) end(entry, 'drained')
      else {
        rounds.delete(entry)
        stopSearching(entry)
      }
    }
  }

  function tellProgress(entry: Entry): void {
    if (entry.standing.is === 'searching') entry.expectedWaitMs = matchmaking.estimate(entry)
    const update = {
      ticketId: entry.id,
      waitedMs: Math.max(0, clock.now() - entry.queuedAt),
      estimatedWaitMs: entry.expectedWaitMs,
      searching: matchmaking.searching(entry.mode),
    }
    for (const { id } of entry.members) people.tell(id, 'queue:updated', update)
  }

  const viewOf = ({ id, mode, queuedAt, expectedWaitMs }: Entry): TicketView => ({
    id,
    mode: mode.id,
    queuedAt,
    estimatedWaitMs: expectedWaitMs,
  })

  function ticketOf(playerId: PlayerId): TicketView | undefined {
    const entry = entries.of(playerId)
    return entry && entry.standing.is !== 'opening' ? viewOf(entry) : undefined
  }

  const news = {
    progressed: matchProgressed,
    confirmed: matchConfirmed,
    cancelled: matchCancelled,
    began: matchBegan,
    roomChanged: openMatches.changed,
  }
  const isQueued = (playerId: PlayerId) => entries.of(playerId) !== undefined
  return {
    join,
    leave,
    explain,
    departed,
    arrived,
    partyChanged,
    news,
    restore,
    drain,
    ticketOf,
    isQueued,
    size: entries.size,
  }
}

const reasons = (blockedBy: Record<string, number>) =>
  Object.fromEntries(Object.entries(blockedBy).filter(([, count]) => count > 0))
