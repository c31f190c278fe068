import type { GatewayNamespace } from '../gateway/guard/sockets.ts'
import type { MatchNamespace } from '../gateway/match/rooms.ts'
import type { Lobbies } from '../lobby/custom/lobbies.ts'
import type { Parties } from '../lobby/party/parties.ts'
import type { Queue } from '../lobby/queue/queue.ts'
import type { SeatIndex } from '../lobby/seats/seat-index.ts'
import type { Matches } from '../match/matches.ts'
import type { Clock, EpochMs } from '../ports.ts'
import type { AnswerOf, PayloadOf } from '../protocol/declare.ts'
import type { admin } from '../protocol/events/admin.ts'
import { matchRoom, type PlayerId, playerRoom } from '../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../protocol/reply.ts'
import { pageOf } from './pages.ts'

type Requests = typeof admin.requests
type Answer<E extends keyof Requests> = AnswerOf<Requests[E]>
type Overview = Answer<'admin:overview'>
export type Sizes = Overview['sizes']
export type TitleInBrief = Overview['titles'][number]
type PlayerInBrief = Answer<'admin:players'>['players'][number]

/** What operators learn of the process itself. */
export interface About {
  version: string
  /** The name of this process among others. */
  node: string
  startedAt: EpochMs
}
interface OperatorServiceParts {
  about: About
  /** Where players are connected. */
  playerNamespaces: readonly [GatewayNamespace, MatchNamespace]
  queue: Pick<Queue, 'isQueued' | 'leave'>
  lobbies: Pick<Lobbies, 'lobbyOf' | 'leave'>
  parties: Pick<Parties, 'groupOf' | 'leave'>
  matches: Pick<Matches, 'list' | 'quit'>
  seats: Pick<SeatIndex, 'liveSeatOf'>
  sizes: () => Sizes
  /** The other titles that are open. */
  others: () => TitleInBrief[]
  clock: Clock
}
export type OperatorService = ReturnType<typeof createOperatorService>

/** What those who run a title may know of it and do to its players. */
export function createOperatorService(parts: OperatorServiceParts) {
  const { about, playerNamespaces, queue, lobbies, parties, matches, seats, sizes, others, clock } = parts
  const sockets = () => playerNamespaces.flatMap((namespace) => [...namespace.sockets.values()])
  const socketsOf = (playerId: PlayerId) =>
    playerNamespaces.flatMap((namespace) => inRoom(namespace, playerRoom(playerId)))
  const connections = () => new Set(sockets().map(({ conn }) => conn)).size

  function statusOf(playerId: PlayerId): PlayerInBrief['status'] {
    if (seats.liveSeatOf(playerId)) return 'inMatch'
    if (queue.isQueued(playerId)) return 'queued'
    return socketsOf(playerId).length > 0 ? 'online' : 'offline'
  }

  function overview(): Overview {
    return accept({
      version: about.version,
      uptimeMs: clock.now() - about.startedAt,
      connections: connections(),
      sizes: sizes(),
      matches: counted(matches.list()),
      titles: others(),
    })
  }

  /** A player who is connected, or null. */
  function player(playerId: PlayerId): PlayerInBrief | null {
    const socket = socketsOf(playerId)[0]
    return socket ? inBrief(playerId, socket.data.session.player.name) : null
  }

  /** Those who are connected, a page of them after the id `cursor`. */
  function players(cursor?: string): Answer<'admin:players'> {
    const names = new Map(sockets().map(({ data: { session } }) => [session.player.id, session.player.name]))
    const { page, ...next } = pageOf([...names], ([playerId]) => playerId, cursor)
    return accept({ players: page.map(([playerId, name]) => inBrief(playerId, name)), ...next })
  }

  function inBrief(playerId: PlayerId, name: string): PlayerInBrief {
    const seat = seats.liveSeatOf(playerId)
    const brief = { playerId, name, status: statusOf(playerId), connections: socketsOf(playerId).length }
    return seat ? { ...brief, matchId: seat.matchId } : brief
  }

  /** Disconnects a player; the ticket ends, and seat, lobby and party are given up, as if the player had left. */
  async function kick(playerId: PlayerId): Promise<Answer<'admin:kick'> | Refusal> {
    const isInLobby = lobbies.lobbyOf(playerId) !== undefined
    const isInParty = parties.groupOf(playerId) !== null
    if (statusOf(playerId) === 'offline' && !isInLobby && !isInParty) return refuse('NOT_FOUND')
    if (queue.isQueued(playerId)) await queue.leave(playerId)
    const seat = seats.liveSeatOf(playerId)
    const left = seat ? await matches.quit({ matchId: seat.matchId, playerId }) : accept({})
    const parted = [isInLobby && (await lobbies.leave(playerId)), isInParty && (await parties.leave(playerId))]
    const gone = socketsOf(playerId)
    for (const socket of gone) {
      socket.emit('session:ended', KICKED)
      socket.disconnect()
    }
    const refusal = [left, ...parted].find(isStillIn)
    if (refusal) return refusal
    return accept({ connections: gone.length, ...(seat && { matchId: seat.matchId }) })
  }

  /** Says something to all players, or to those of a match and to one player, and returns what was said. */
  function notice({ text, matchId, playerId }: PayloadOf<Requests['admin:notice']>): { text: string; at: EpochMs } {
    const said = { text, at: clock.now() }
    const rooms = [...(matchId ? [matchRoom(matchId)] : []), ...(playerId ? [playerRoom(playerId)] : [])]
    // No room at all is everyone; of several, a socket that is in two hears it once.
    for (const namespace of playerNamespaces) namespace.to(rooms).emit('server:notice', said)
    return said
  }

  return {
    overview,
    connections,
    player,
    players,
    statusOf,
    connectionsOf: (id: PlayerId) => socketsOf(id).length,
    kick,
    notice,
  }
}

const KICKED = { code: 'FORBIDDEN', message: 'Whoever runs the game has sent you away. You may come back.' }

const inRoom = <Hall extends GatewayNamespace | MatchNamespace>({ adapter, sockets }: Hall, room: string) =>
  [...(adapter.rooms.get(room) ?? [])].flatMap((id) => sockets.get(id) ?? [])

/** Whether the player is where they were; who has left meanwhile is not. */
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
