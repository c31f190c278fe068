import type { Server } from 'socket.io'
import { openAdmin } from './admin/admin.ts'
import type { About, TitleInBrief } from './admin/office.ts'
import { logEvents } from './door/catch-all.ts'
import type { Caller, GuestHall, Visitor } from './door/guard.ts'
import { createWelcome, HandshakeError } from './door/handshake.ts'
import { isEmpty } from './door/on-demand.ts'
import * as seals from './door/seals.ts'
import type { ReaderWatch } from './door/slow-readers.ts'
import { type BackendTokens, createTokens } from './door/tokens.ts'
import { createCommunity } from './lobby/community.ts'
import { createLobbies } from './lobby/lobbies/lobbies.ts'
import { lobbyRoomsIn } from './lobby/lobbies/rooms.ts'
import { openLobbyNamespace, peopleIn, whoIsIn } from './lobby/namespace.ts'
import type { RecordBook } from './lobby/ports.ts'
import { createPresence } from './lobby/presence.ts'
import { createProfiles } from './lobby/profiles.ts'
import type { QueueJournal } from './lobby/queue/journal.ts'
import { createQueue } from './lobby/queue/queue.ts'
import { createMatches } from './match/matches.ts'
import { openMatchNamespace } from './match/namespace.ts'
import { startPulse } from './match/pulse.ts'
import { createRecordBook } from './match/record-book.ts'
import { restoreMatches } from './match/restoring.ts'
import { createRooms, type MatchVisitor } from './match/rooms.ts'
import { timedSandbox } from './match/sandbox.ts'
import type { Mode } from './modes.ts'
import type { Cancel, Clock, Log, NewId, Random } from './ports.ts'
import type { MatchId } from './protocol/ids.ts'
import { withHealth } from './stores/health.ts'
import type { Stores } from './stores/open-stores.ts'

// How long players wait before they come back to a server that restarts: spread, so that they do not come all at once.
const COMEBACK_MS = { least: 1_000, most: 5_000 }

/** What the process lends to its titles. */
export interface House {
  io: Server
  readers: ReaderWatch
  about: About
  /** Whether every event is logged. */
  isVerbose: boolean
  clock: Clock
  newId: NewId
  log: Log
  random: Random
  /** Told which match the rules are at work on. */
  working?: (on: MatchId | '') => void
  /** Matches that are not to be touched again, and why. */
  setAside: ReadonlyMap<MatchId, string>
  /** Where the lives of tickets are written down, if anywhere. */
  queueLog: QueueJournal | null
}
/** Which tokens a title accepts. */
export interface Keys {
  sessionSecret: string
  backend: BackendTokens
  /** Who bears it is an operator of the title; null for nobody. */
  admin: string | null
}
export interface TitleParts {
  /** What stands before `/lobby` and `/match`. */
  prefix: string
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  keys: Keys
  stores: Stores
  /** The other titles that are open, for the operators of the service. */
  others?: () => TitleInBrief[]
}

export type Title = ReturnType<typeof openTitle>

/**
 * Puts together one title: a world of its own, with its modes, stores, namespaces, players, queue and matches. The one
 * place where lobby and match meet. Players may knock from now on, and are let in once `start` has brought back what
 * was stored.
 */
export function openTitle(house: House, { prefix, modes, regions, keys, stores, others = () => [] }: TitleParts) {
  const { io, readers, isVerbose, clock, newId, log, random } = house
  const { store, records, isHealthy } = withHealth(stores)
  const lobbyHall = namespaceOf<Visitor>('lobby')
  const matchHall = namespaceOf<MatchVisitor>('match')
  const door = Promise.withResolvers<void>()
  // Nobody may be waiting at it when it stays shut.
  door.promise.catch(() => {})
  let isDraining = false
  let isOpen = false
  let stopPulse: Cancel = () => {}

  const presence = createPresence()
  const people = peopleIn(lobbyHall, presence)
  const rooms = createRooms(matchHall, { isDirect: !isVerbose })
  const matches = createMatches({
    store,
    audience: rooms.audience,
    news: {
      progressed: (news) => queue.news.progressed(news),
      confirmed: (offers) => queue.news.confirmed(offers),
      cancelled: (cancelled) => (lobbies.news.isOurs(cancelled.matchId) ? lobbies : queue).news.cancelled(cancelled),
      left: (matchId, players) => queue.news.left(matchId, players),
      began: (matchId, teams) => queue.news.began(matchId, teams),
      roomChanged: (room) => queue.news.roomChanged(room),
      changed: (match) => admin?.matchChanged(match),
      ended(matchId) {
        queue.news.ended(matchId)
        lobbies.news.ended(matchId)
        community.chat.ended('match', matchId)
      },
      seatsChanged: (players) => players.forEach(community.watching.changed),
    },
    modes,
    sandbox: timedSandbox,
    ...(house.working && { working: house.working }),
    clock,
    newId,
    log,
    isQueued: (playerId) => queue.isQueued(playerId),
  })
  const whoIs = whoIsIn(lobbyHall)
  const book = createRecordBook({ store, modes, log }) satisfies RecordBook
  const profiles = createProfiles({ book, whoIs, modes, log })
  const desk = { ...matches, open: book.seeding(matches.open, whoIs), isOpen: isHealthy }
  const community = createCommunity({
    records,
    people,
    isQueued: (playerId) => queue.ticketOf(playerId) !== undefined,
    isInMatch: (playerId) => matches.liveSeatOf(playerId) !== undefined,
    companies: { match: matches.companyOf, lobby: (playerId) => lobbies.companyOf(playerId) },
    partyChanged: (players) => queue.partyChanged(players),
    blocksChanged: (playerId) => queue.blocksChanged(playerId),
    clock,
    newId,
    log,
  })
  const queue = createQueue({
    modes,
    regions,
    desk,
    people,
    groups: community.parties,
    blocks: community.blocks,
    ratings: book,
    records,
    isLasting: stores.isLasting,
    statusChanged(playerId) {
      community.watching.changed(playerId)
      admin?.playerChanged(playerId)
    },
    journal: house.queueLog,
    clock,
    newId,
    log,
  })
  const lobbies = createLobbies({
    modes,
    desk,
    people,
    rooms: lobbyRoomsIn(lobbyHall),
    records,
    seals,
    isBlocked: community.blocks.isBlocked,
    isQueued: queue.isQueued,
    gone: (lobbyId) => community.chat.ended('lobby', lobbyId),
    clock,
    newId,
    log,
  })
  const tokens = createTokens(keys.sessionSecret, keys.backend, clock)
  const welcome = createWelcome({ tokens, newId, isDraining: () => isDraining, opened: door.promise })

  openLobbyNamespace({ hall: lobbyHall, welcome, presence, queue, desk, profiles, lobbies, community, clock, log })
  openMatchNamespace({ hall: matchHall, welcome, matches, rooms, readers, modes, clock, log })

  function namespaceOf<Data extends Caller>(name: string): GuestHall<Data> {
    const hall: GuestHall<Data> = io.of(`${prefix}/${name}`)
    if (isVerbose) logEvents(hall, log)
    return hall
  }

  /** What is counted here keeps the title open. */
  const sizes = () => ({
    players: presence.size(),
    tickets: queue.size(),
    lobbies: lobbies.size(),
    matches: matches.size(),
    rooms: rooms.size(),
    parties: community.parties.size(),
  })
  const halls = [lobbyHall, matchHall] as const
  const { parties } = community
  const office = { about: house.about, halls, queue, lobbies, parties, matches, sizes, others, clock, log }
  const admin =
    keys.admin === null ? null : openAdmin({ hall: namespaceOf<Caller>('admin'), token: keys.admin, ...office })
  const namespaces = [...halls, ...(admin ? [admin.hall] : [])]

  /** Brings back what was stored, then lets players in: they may knock meanwhile, so that no grace runs before they can. */
  async function start(): Promise<void> {
    try {
      await restoreMatches({ store, matches, modes, clock, log, setAside: house.setAside })
      await community.restore()
      await queue.restore()
      await lobbies.restore()
    } catch (fault) {
      door.reject(new HandshakeError('UNAVAILABLE'))
      throw fault
    }
    stopPulse = startPulse(store, clock, log).stop
    door.resolve()
    isOpen = true
  }

  /** Lets nobody in any more, tells everyone to come back later, and ends what only this process knows. */
  async function drain(): Promise<void> {
    isDraining = true
    log.info({ matches: matches.size(), tickets: queue.size() }, 'draining')
    for (const socket of namespaces.flatMap((namespace) => [...namespace.sockets.values()])) {
      socket.emit('server:draining', { retryAfterMs: spread(random) })
    }
    queue.drain()
    community.stop()
    await lobbies.stop()
    await (stores.isLasting ? matches.letGoAll() : matches.abortAll())
    queue.stop()
    stopPulse()
    await store.beat(clock.now()).catch(() => {})
  }

  return {
    start,
    drain,
    /** To be called last, when nobody is connected any more. */
    async close(): Promise<void> {
      stopPulse()
      community.stop()
      await lobbies.stop()
      await store.close()
    },
    isReady: () => isOpen && !isDraining && isHealthy(),
    sizes,
    /** Whether nobody is here and nothing goes on. */
    isUnused: () => Object.values(sizes()).every((size) => size === 0) && namespaces.every(isEmpty),
    namespaces,
    store,
    queue,
    matches,
    rooms,
    presence,
    lobbies,
    community,
  }
}

const spread = (random: Random): number =>
  Math.round(COMEBACK_MS.least + random() * (COMEBACK_MS.most - COMEBACK_MS.least))
