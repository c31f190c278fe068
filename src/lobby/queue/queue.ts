import type { Mode } from '../../modes.ts'
import type { Clock, Log, NewId } from '../../ports.ts'
import type { AnswerOf, PayloadOf } from '../../protocol/declare.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { lobby } from '../../protocol/lobby.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { Blocks, Groups, MatchDesk, People, Player, Ratings } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { createEntries, type Entry } from './entries.ts'
import type { QueueJournal } from './journal.ts'
import { createLifecycle } from './lifecycle.ts'
import { createMatching } from './matching.ts'
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
  const { modes, desk, groups, blocks, records, isLasting, clock } = parts
  let hasDrained = false
  const isDrained = () => hasDrained
  const entries = createEntries()
  const penalties = createPenalties({ records, clock })
  const opponents = createOpponents(clock)
  const blockedBy = (players: readonly { id: PlayerId }[]) => players.flatMap(({ id }) => blocks.of(id))
  const matchmaking = createMatchmaking({ ...parts, opponents, blockedBy, propose: (made) => matching.propose(made) })
  const lifecycle = createLifecycle({ ...parts, entries, matchmaking, isDrained })
  const openMatches = createOpenMatches({ ...parts, tellRoom: matchmaking.roomChanged })
  const rest = { entries, lifecycle, matchmaking, openMatches, opponents, penalties, isDrained }
  const matching = createMatching({ ...parts, ...rest })

  async function join(player: Player, { mode: modeId, ...wishes }: JoinRequest): Promise<Joined | Refusal> {
    const mode = modes.get(modeId)
    const group = groups.groupOf(player.id)
    const members = group ? [player, ...group.members.filter(({ id }) => id !== player.id)] : [player]
    if (hasDrained) return refuse('DRAINING')
    if (!desk.isOpen()) return refuse('UNAVAILABLE')
    if (!mode) return refuse('UNKNOWN_MODE')
    if (group && group.leaderId !== player.id) return refuse('NOT_PARTY_LEADER')
    if (members.length > mode.teamSize) return refuse('PARTY_TOO_LARGE')
    const refusal = whyNot(members)
    if (refusal) return refusal
    const entry = lifecycle.newEntry(mode, members, wishes)
    if (await lifecycle.open(entry)) return accept({ ticket: viewOf(entry) })
    return refuse(hasDrained ? 'DRAINING' : 'UNAVAILABLE')
  }

  /** What keeps one of them from queueing. */
  function whyNot(members: readonly Player[]): Refusal | null {
    const ids = members.map(({ id }) => id)
    if (ids.some((id) => entries.of(id))) return refuse('ALREADY_QUEUED')
    if (ids.some((id) => desk.isSeated(id))) return refuse('ALREADY_IN_MATCH')
    const retryAfterMs = Math.max(...ids.map((id) => penalties.leftMs(id)))
    return retryAfterMs > 0 ? refuse('QUEUE_PENALTY', { retryAfterMs }) : null
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
    lifecycle.end(entry, 'cancelled')
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

  function explain(playerId: PlayerId): Explained | Refusal {
    const entry = entries.of(playerId)
    if (!entry) return refuse('NOT_QUEUED')
    const why = matchmaking.explain(entry)
    const window = {
      points: why?.slack == null ? null : Math.round(why.slack),
      anyoneAt: why ? Math.round(why.unconditionalAt) : null,
      arrivalsPerSecond: why ? why.density : null,
    }
    const reasons = Object.entries(why?.blockedBy ?? {}).filter(([, count]) => count > 0)
    return accept({
      waitedMs: lifecycle.waitedMs(entry.queuedAt),
      window,
      searching: matchmaking.searching(entry.mode),
      blockedBy: Object.fromEntries(reasons),
    })
  }

  /** The player's last connection is gone: nobody is matched with someone who is not there. */
  function departed(playerId: PlayerId): void {
    const entry = entries.of(playerId)
    if (entry?.standing.is === 'searching') lifecycle.hold(entry)
  }

  /** The player is connected again; with everybody here the ticket searches on, as old as it was. */
  function arrived(playerId: PlayerId): void {
    const entry = entries.of(playerId)
    if (entry?.standing.is === 'held' && lifecycle.isWhole(entry)) lifecycle.search(entry)
  }

  /** Somebody has come to a party, or left it: the ticket of its members was another party's. */
  function partyChanged(playerIds: readonly PlayerId[]): void {
    for (const entry of new Set(playerIds.flatMap((id) => entries.of(id) ?? []))) {
      if (entry.standing.is !== 'matching') lifecycle.end(entry, 'cancelled')
    }
  }

  /** The player blocks others than before: whoever is matched from now on is matched accordingly. */
  function blocksChanged(playerId: PlayerId): void {
    const entry = entries.of(playerId)
    if (entry?.standing.is === 'searching') matchmaking.blocksChanged(entry)
    openMatches.blocksChanged(playerId)
  }

  async function restore(): Promise<void> {
    await penalties.restore()
    await lifecycle.restore(({ members }) => {
      const ids = members.map(({ id }) => id)
      if (ids.some((id) => desk.liveSeatOf(id))) return 'overtaken'
      return ids.map((id) => desk.proposalOf(id)?.matchId).find((matchId) => matchId !== undefined) ?? null
    })
  }

  /** Takes no more tickets. Those on lasting record wait for the next start; others end. */
  function drain(): void {
    hasDrained = true
    for (const entry of entries.all()) {
      if (isLasting) lifecycle.letGo(entry)
      else lifecycle.end(entry, 'drained')
    }
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

  const isQueued = (playerId: PlayerId) => entries.of(playerId) !== undefined
  const { size } = entries
  const coming = { departed, arrived, partyChanged, blocksChanged }
  return { join, leave, explain, ...coming, news: matching.news, restore, drain, ticketOf, isQueued, size }
}
