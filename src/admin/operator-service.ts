import type { Lobbies } from '../lobby/custom/lobbies.ts'
import type { Parties } from '../lobby/party/parties.ts'
import type { Queue } from '../lobby/queue/queue.ts'
import type { SeatIndex } from '../lobby/seats/seat-index.ts'
import type { Matches } from '../match/matches.ts'
import type { Clock, EpochMs } from '../ports.ts'
import type { AnswerOf, PayloadOf } from '../protocol/declare.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { admin } from '../protocol/events/admin.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../protocol/reply.ts'
import { pageOf } from './pages.ts'

type Requests = typeof admin.requests
type Answer<E extends keyof Requests> = AnswerOf<Requests[E]>
type Overview = Answer<'admin:overview'>
export type Sizes = Overview['sizes']
export type TitleInBrief = Overview['titles'][number]
type PlayerInBrief = Answer<'admin:players'>['players'][number]

/** About the process, for operators. */
export interface About {
  version: string
  /** The name of this process. */
  node: string
  startedAt: EpochMs
}
/** The players who are connected in any namespace. */
export interface ConnectedPlayers {
  /** Names by player. */
  all(): ReadonlyMap<PlayerId, string>
  nameOf(playerId: PlayerId): string | null
  /** How many connections the player has, counted in each namespace. */
  countOf(playerId: PlayerId): number
  /** How many connections there are; one with several namespaces counts once. */
  connections(): number
  /** Tells the player why, ends all their connections, and returns how many there were. */
  disconnect(playerId: PlayerId, why: { code: ErrorCode; message: string }): number
  /** Sends to the players of a match and to one player, or to everyone when neither is given. */
  notify(
    to: { matchId?: MatchId | undefined; playerId?: PlayerId | undefined },
    notice: { text: string; at: EpochMs },
  ): void
}
interface OperatorServiceParts {
  about: About
  connected: ConnectedPlayers
  queue: Pick<Queue, 'isQueued' | 'leave'>
  lobbies: Pick<Lobbies, 'lobbyOf' | 'leave'>
  parties: Pick<Parties, 'groupOf' | 'leave'>
  matches: Pick<Matches, 'list' | 'quit'>
  seats: Pick<SeatIndex, 'liveSeatOf'>
  sizes: () => Sizes
  /** The other open titles. */
  others: () => TitleInBrief[]
  clock: Clock
}
export type OperatorService = ReturnType<typeof createOperatorService>

/** What operators may see of a title, and do to its players. */
export function createOperatorService(parts: OperatorServiceParts) {
  const { about, connected, queue, lobbies, parties, matches, seats, sizes, others, clock } = parts
  function statusOf(playerId: PlayerId): PlayerInBrief['status'] {
    if (seats.liveSeatOf(playerId)) return 'inMatch'
    if (queue.isQueued(playerId)) return 'queued'
    return connected.countOf(playerId) > 0 ? 'online' : 'offline'
  }

  function overview(): Overview {
    return accept({
      version: about.version,
      uptimeMs: clock.now() - about.startedAt,
      connections: connected.connections(),
      sizes: sizes(),
      matches: counted(matches.list()),
      titles: others(),
    })
  }

  /** A player who is connected, or null. */
  function player(playerId: PlayerId): PlayerInBrief | null {
    const name = connected.nameOf(playerId)
    return name === null ? null : inBrief(playerId, name)
  }

  /** A page of the connected players, after the id `cursor`. */
  function players(cursor?: string): Answer<'admin:players'> {
    const { page, ...next } = pageOf([...connected.all()], ([playerId]) => playerId, cursor)
    return accept({ players: page.map(([playerId, name]) => inBrief(playerId, name)), ...next })
  }

  function inBrief(playerId: PlayerId, name: string): PlayerInBrief {
    const seat = seats.liveSeatOf(playerId)
    const brief = { playerId, name, status: statusOf(playerId), connections: connected.countOf(playerId) }
    return seat ? { ...brief, matchId: seat.matchId } : brief
  }

  /** Disconnects a player, who leaves the queue, match, lobby and party as if by their own request. */
  async function kick(playerId: PlayerId): Promise<Answer<'admin:kick'> | Refusal> {
    const isInLobby = lobbies.lobbyOf(playerId) !== undefined
    const isInParty = parties.groupOf(playerId) !== null
    if (statusOf(playerId) === 'offline' && !isInLobby && !isInParty) return refuse('NOT_FOUND')
    if (queue.isQueued(playerId)) await queue.leave(playerId)
    const seat = seats.liveSeatOf(playerId)
    const leftMatch = seat ? await matches.quit({ matchId: seat.matchId, playerId }) : accept({})
    const leftGroups = [isInLobby && (await lobbies.leave(playerId)), isInParty && (await parties.leave(playerId))]
    const connections = connected.disconnect(playerId, KICKED)
    const refusal = [leftMatch, ...leftGroups].find(isStillIn)
    if (refusal) return refusal
    return accept({ connections, ...(seat && { matchId: seat.matchId }) })
  }

  /** Sends a notice to all players, or to those of a match and to one player; returns what was sent. */
  function notice({ text, matchId, playerId }: PayloadOf<Requests['admin:notice']>): { text: string; at: EpochMs } {
    const sent = { text, at: clock.now() }
    connected.notify({ matchId, playerId }, sent)
    return sent
  }

  return {
    overview,
    connections: connected.connections,
    player,
    players,
    statusOf,
    connectionsOf: connected.countOf,
    kick,
    notice,
  }
}

const KICKED = {
  code: 'FORBIDDEN' as const,
  message: 'An operator of the game has disconnected you. You may come back.',
}

/** Whether the player could not be taken out; a player who has just left counts as out. */
const isStillIn = (reply: Accepted | Refusal | false): reply is Refusal =>
  reply !== false && !reply.ok && !['NOT_IN_LOBBY', 'NOT_IN_PARTY'].includes(reply.error.code)

function counted(all: ReturnType<Matches['list']>): Overview['matches'] {
  const counts = new Map<string, Overview['matches'][number]>()
  for (const { mode, state } of all) {
    const entry = counts.get(`${mode} ${state}`) ?? { mode, state, count: 0 }
    counts.set(`${mode} ${state}`, { ...entry, count: entry.count + 1 })
  }
  return [...counts.values()]
}
