import { digestOf } from '../gateway/auth/secrets.ts'
import { createOutbox } from '../gateway/guard/outbox.ts'
import type { GatewayNamespace, PlayerSocketData } from '../gateway/guard/sockets.ts'
import { deliveryIn, lobbyRoomsIn } from '../gateway/lobby/delivery.ts'
import { originIn, whoIsIn } from '../gateway/lobby/namespace.ts'
import { createRooms, type MatchSocketData } from '../gateway/match/rooms.ts'
import { createLobbies } from '../lobby/custom/lobbies.ts'
import { createMissedEndings } from '../lobby/people/missed-endings.ts'
import { createPresence } from '../lobby/people/presence.ts'
import { createProfiles } from '../lobby/people/profiles.ts'
import type { People, RecordBook } from '../lobby/ports.ts'
import { createQueue } from '../lobby/queue/queue.ts'
import { createSeatIndex } from '../lobby/seats/seat-index.ts'
import { createLobbyService } from '../lobby/service.ts'
import { createSocial } from '../lobby/social.ts'
import { createMatches } from '../match/matches.ts'
import type { MatchInBrief } from '../match/ports.ts'
import { restoreMatches } from '../match/restore.ts'
import { createRecordBook } from '../match/results/record-book.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import { withHealth } from '../stores/health.ts'
import { waitingMatchesOn } from '../stores/waiting-matches.ts'
import * as passwords from '../system/passwords.ts'
import { sharedSandbox, timedSandbox } from '../system/sandbox.ts'
import { createServiceTime } from '../system/service-time.ts'
import { elapsedSince, gapSince } from '../util/outage.ts'
import { visitEach, walled } from '../util/walls.ts'
import { matchNewsFor } from './match-news.ts'
import type { ProcessServices, TitleParts } from './parts.ts'

interface WorldParts extends Pick<TitleParts, 'keys' | 'modes' | 'regions' | 'lobbySettings' | 'stores'> {
  services: ProcessServices
  lobbyNamespace: GatewayNamespace<PlayerSocketData>
  matchNamespace: GatewayNamespace<MatchSocketData>
  /** Tells operators what happens. */
  operators: { playerChanged: (playerId: PlayerId) => void; matchChanged: (match: MatchInBrief) => void }
}

/** Composes the services of a title: the one place where lobby and match meet. */
export function createTitleWorld(parts: WorldParts) {
  const { services, modes, regions, stores, lobbyNamespace, matchNamespace, operators } = parts
  const { isVerbose, clock, newId, log } = services
  const time = createServiceTime(clock, log)
  const { store, records, isHealthy } = withHealth(stores, time)
  const presence = createPresence()
  const deliver = deliveryIn(lobbyNamespace, createOutbox(services))
  const connected: People = {
    tell: (playerId, event, ...args) => deliver({ players: [playerId] }, event, ...args),
    isOnline: presence.isOnline,
  }
  const missedEndings = createMissedEndings({ records, people: connected, clock, log })
  const { people } = missedEndings
  const rooms = createRooms(matchNamespace, {
    isDirect: !isVerbose,
    turns: services.turns,
    elapsed: services.elapsed,
    lost: (connection) => matches.service.left(connection),
  })
  const seats = createSeatIndex((players) => walled(log, {}, () => visitEach(players, social.watching.changed)))
  const matches = createMatches({
    store,
    audience: rooms.audience,
    news: matchNewsFor(() => ({ queue, lobbies, social, seats, missedEndings, operators })),
    modes,
    sandbox: timedSandbox,
    sharedSandbox,
    ...(services.working && { working: services.working }),
    clock,
    time,
    turns: services.turns,
    elapsed: services.elapsed,
    newId,
    log,
    seats: { ...seats, isFree: (playerId) => !seats.isSeated(playerId) && !queue.isQueued(playerId) },
    maySpectate: (origin, playerId) => origin.by !== 'lobby' || lobbies.maySpectate(playerId, origin),
  })
  const whoIs = whoIsIn(lobbyNamespace)
  const originOf = originIn(lobbyNamespace)
  const hashed = (origin: string | null) => origin && digestOf(origin, parts.keys.sessionSecret)
  const book = createRecordBook({ store, modes, log }) satisfies RecordBook
  const profiles = createProfiles({
    book,
    whoIs,
    isBlocked: (by, player) => social.blocks.isBlocked(by, player),
    modes,
    log,
  })
  const matchService = { ...matches, open: book.seeding(matches.open, whoIs), isOpen: isHealthy }
  const social = createSocial({
    records,
    people,
    deliver,
    isQueued: (playerId) => queue.ticketOf(playerId) !== undefined,
    isInMatch: (playerId) => seats.liveSeatOf(playerId) !== undefined,
    companies: { match: seats.companyOf, lobby: (playerId) => lobbies.companyOf(playerId) },
    partyChanged: (players) => queue.partyChanged(players),
    blocksChanged(playerId, other) {
      queue.blocksChanged(playerId)
      lobbies.blockChanged(playerId, other)
    },
    clock,
    time,
    newId,
    log,
  })
  const queue = createQueue({
    modes,
    regions,
    matchService,
    seats,
    people,
    groups: social.parties,
    blocks: social.blocks,
    // Ratings of unrated modes are not stored: a connected player's session has the backend's rating.
    ratings: { of: (mode, player) => book.of(mode, { ...whoIs(player.id), ...player }) },
    records,
    isLasting: stores.isLasting,
    originOf: (playerId) => hashed(originOf(playerId)),
    hasPlayed: social.persons.isRegular,
    statusChanged(playerId) {
      walled(log, { player: playerId }, () => social.watching.changed(playerId))
      operators.playerChanged(playerId)
    },
    journal: services.queueLog,
    clock,
    time,
    newId,
    log,
  })
  const lobbies = createLobbies({
    modes,
    matchService,
    seats,
    people,
    rooms: lobbyRoomsIn(lobbyNamespace),
    deliver,
    records,
    passwords,
    ...parts.lobbySettings,
    isBlocked: social.blocks.isBlocked,
    isBlockedAtAll: social.blocks.isBlockedAtAll,
    isQueued: queue.isQueued,
    gone: (lobbyId) => social.chat.ended('lobby', lobbyId),
    clock,
    time,
    newId,
    log,
  })

  /** Counts; a title with any count above zero stays open. */
  const sizes = () => ({
    players: presence.size(),
    tickets: queue.size(),
    lobbies: lobbies.size(),
    matches: matches.size(),
    rooms: rooms.size(),
    parties: social.parties.size(),
  })

  function aborted(matchId: MatchId, players: readonly PlayerId[]): void {
    for (const playerId of players) missedEndings.note(playerId, { what: 'match', id: matchId, reason: 'aborted' })
  }

  /** Restores what is stored. Call before players are admitted. */
  async function restore(): Promise<void> {
    const elapsedMs = elapsedSince(await store.lastUptime(), services.uptime?.() ?? null)
    const gap = gapSince(await store.lastBeat(), clock.now(), elapsedMs)
    await missedEndings.restore()
    const { setAside } = services
    await restoreMatches({
      store,
      matches,
      modes,
      clock,
      log,
      setAside,
      waitingMatches: waitingMatchesOn(records),
      aborted,
      gap,
    })
    await social.restore()
    await queue.restore(gap)
    await lobbies.restore()
  }

  /** Stops all services. What is stored stays; matches in memory are aborted. */
  async function stop(): Promise<void> {
    queue.drain()
    social.stop()
    await lobbies.stop()
    await (stores.isLasting ? matches.letGoAll() : matches.abortAll())
    queue.stop()
    time.stop()
  }

  const service = createLobbyService({ presence, queue, seats, profiles, lobbies, social, missedEndings })
  const created = { service, queue, matches, seats, rooms, presence, lobbies, social, missedEndings }
  return { ...created, matchService, profiles, sizes, store, isHealthy, restore, stop }
}
