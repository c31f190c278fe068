import { openAdmin } from '../admin/admin.ts'
import { createWelcome, HandshakeError } from '../gateway/auth/handshake.ts'
import { createTokens } from '../gateway/auth/tokens.ts'
import { isEmpty } from '../gateway/connection/on-demand.ts'
import type { Caller, GuestHall, Visitor } from '../gateway/guard/callers.ts'
import { receptionOf } from '../gateway/guard/entrance.ts'
import { logEvents } from '../gateway/guard/event-log.ts'
import { createPurses } from '../gateway/guard/work-budgets.ts'
import { openLobbyNamespace } from '../gateway/lobby/namespace.ts'
import { openMatchNamespace } from '../gateway/match/namespace.ts'
import type { MatchVisitor } from '../gateway/match/rooms.ts'
import { startPulse } from '../match/heartbeat.ts'
import type { Cancel, Random } from '../ports.ts'
import type { House, TitleParts } from './parts.ts'
import { createTitleWorld } from './world.ts'

// How long players wait before they come back to a server that restarts: spread, so that they do not come all at once.
const COMEBACK_MS = { least: 1_000, most: 5_000 }

export type Title = ReturnType<typeof openTitle>

/**
 * Opens one title: a world of its own, with its modes, stores, namespaces, players, queue and matches. Players may knock
 * from now on, and are let in once `start` has brought back what was stored.
 */
export function openTitle(house: House, parts: TitleParts) {
  const { prefix, keys, modes, others = () => [] } = parts
  const { io, readers, isVerbose, clock, newId, log, random } = house
  const lobbyHall = namespaceOf<Visitor>('lobby')
  const matchHall = namespaceOf<MatchVisitor>('match')
  const door = Promise.withResolvers<void>()
  // Nobody may be waiting at it when it stays shut.
  door.promise.catch(() => {})
  let isDraining = false
  let isOpen = false
  let stopPulse: Cancel = () => {}

  const told: Parameters<typeof createTitleWorld>[0]['told'] = {
    playerChanged: (playerId) => admin?.playerChanged(playerId),
    matchChanged: (match) => admin?.matchChanged(match),
  }
  const world = createTitleWorld({ house, ...parts, lobbyHall, matchHall, told })
  const { store, queue, matches, rooms, presence, lobbies, community, sizes } = world
  const tokens = createTokens({ ...house, ...keys })
  const welcome = receptionOf(createWelcome({ tokens, newId, isDraining: () => isDraining, opened: door.promise }))

  const pacing = { turns: house.turns, answering: house.answering, purses: createPurses(clock) }
  const { version, node } = house.about
  openLobbyNamespace({ ...world, hall: lobbyHall, welcome, server: { version, node }, clock, log, pacing })
  openMatchNamespace({ hall: matchHall, welcome, matches, rooms, readers, modes, clock, log, pacing })

  function namespaceOf<Data extends Caller>(name: string): GuestHall<Data> {
    const hall: GuestHall<Data> = io.of(`${prefix}/${name}`)
    if (isVerbose) logEvents(hall, log)
    return hall
  }

  const halls = [lobbyHall, matchHall] as const
  const { parties } = community
  const office = { about: house.about, halls, queue, lobbies, parties, matches, sizes, others, clock, log, pacing }
  const admin =
    keys.admin === null ? null : openAdmin({ hall: namespaceOf<Caller>('admin'), token: keys.admin, ...office })
  const namespaces = [...halls, ...(admin ? [admin.hall] : [])]

  /** Brings back what was stored, then lets players in: they may knock meanwhile, so that no grace runs before they can. */
  async function start(): Promise<void> {
    try {
      await world.restore()
    } catch (fault) {
      door.reject(new HandshakeError('UNAVAILABLE'))
      // What has been brought back so far would tick on, beside the next try.
      await world.stop()
      throw fault
    }
    stopPulse = startPulse(store, clock, log, house.uptime).stop
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
    await world.stop()
    stopPulse()
    await store.beat(clock.now(), house.uptime?.()).catch(() => {})
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
    isReady: () => isOpen && !isDraining && world.isHealthy(),
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
