import { setImmediate } from 'node:timers/promises'
import { nanoid } from 'nanoid'
import { expect, onTestFinished } from 'vitest'
import { type ModeConfig, readConfig, shippedModes, type TitleConfig } from '../../src/config/config.ts'
import type { RecordStore } from '../../src/lobby/record-store.ts'
import type { MatchStore } from '../../src/match/match-store.ts'
import type { Log } from '../../src/ports.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import { openServer } from '../../src/server.ts'
import { readEnv } from '../../src/settings/env.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import type { Uptime } from '../../src/util/outage.ts'
import { FakeClock } from './clock.ts'
import { Player } from './player.ts'

interface WorldOptions {
  /** Changes the shipped `duel`. */
  mode?: Partial<ModeConfig>
  /** Replaces the shipped modes. */
  modes?: ModeConfig[]
  titles?: Record<string, TitleConfig>
  env?: Record<string, string>
  store?: MatchStore
  /** The record store, perhaps of an earlier world. */
  records?: RecordStore
  /** Whether the stores outlive the world. */
  isLasting?: boolean
  regions?: string[]
  lobbies?: { idleMs: number }
  /** Whether the test expects faults at a fault boundary. */
  mayFail?: boolean
  /** When the clock starts. */
  now?: number
  /** The machine's wall clock; by default the test's clock. */
  wallNow?: () => number
  /** The machine's uptime. */
  uptime?: () => Uptime
  /** Matches that are not restored, and why. */
  setAside?: ReadonlyMap<string, string>
}
export type World = Awaited<ReturnType<typeof startWorld>>

/**
 * A running server on a clock that the test moves, with players on real sockets. After the test everyone leaves, and
 * the world must be empty: no socket, room, match, ticket or timer is left.
 */
export async function startWorld(options: WorldOptions = {}) {
  const {
    mode,
    modes,
    titles = {},
    env = {},
    store,
    records,
    isLasting = false,
    mayFail = false,
    regions = [],
    now,
    wallNow,
    uptime,
    setAside = new Map(),
    lobbies,
  } = options
  const clock = new FakeClock(now)
  const logged: { level: string; fields: object; phrase: string }[] = []
  const config = readConfig(
    { modes: modes ?? withDuel(mode), titles, regions, demo: false, ...(lobbies && { lobbies }) },
    'the test',
  )
  const server = await openServer({
    env: readEnv({ PORT: '0', HOST: '127.0.0.1', SESSION_SECRET: 'a secret for tests only', ...env }),
    config,
    clock,
    ...(wallNow && { wallNow }),
    ...(uptime && { uptime }),
    newId: () => nanoid(),
    log: logInto(logged),
    random: () => 0.5,
    elapsed: () => 0,
    setAside: setAside as ReadonlyMap<MatchId, string>,
    ...((store || records) && {
      stores: {
        store: store ?? openMemoryMatchStore(),
        records: records ?? openMemoryRecordStore(),
        isLasting,
      },
    }),
  })
  const url = `http://127.0.0.1:${server.port}`
  const players = new Set<Player>()
  let isClosed = false
  const offers = new Map<Player, { matchId: string; seat: number; joinBy: number }>()

  function newPlayer(connecting: ConstructorParameters<typeof Player>[1]): Player {
    const player = new Player(url, connecting)
    players.add(player)
    return player
  }
  const world = {
    clock,
    config,
    server,
    url,
    logged,
    /** Connects a player with a name, or with `auth`. */
    player: (name: string) => newPlayer({ name }).arrive(),
    /** Another tab or device, or a return: a connection with the same token. */
    again: (player: Player) => newPlayer({ token: player.session.token }).arrive(),
    /** A client that has not connected yet. */
    stranger: (auth: Record<string, unknown>, title?: string) => newPlayer({ auth, title }),
    /** Connects an operator of the service or of a title, in a world with an `ADMIN_TOKEN`. */
    operator: (title?: string) => newPlayer({ auth: { token: env.ADMIN_TOKEN }, title }).oversees(),
    /** Connects a player to the lobby of a title. */
    playerOf: (title: string, name: string) => newPlayer({ title, name }).arrive(),

    /** Players with offered seats in one match. */
    async matched(...names: [string, string]): Promise<[Player, Player]> {
      const group = await world.players(...names)
      await world.queue(group)
      return group
    },
    players: (...names: [string, string]): Promise<[Player, Player]> =>
      Promise.all([world.player(names[0]), world.player(names[1])]),
    /** Puts players into the queue and lets the matchmaker decide; resolves with the match's id. */
    async queue(group: Player[], id = [...config.modes.keys()][0]): Promise<string> {
      for (const player of group) expect(await player.asks('queue:join', { mode: id })).toMatchObject({ ok: true })
      const wanted = config.modes.get(id ?? '')
      await clock.advance(wanted && group.length < wanted.maxSeats ? wanted.matchmaking.fillMs : 0)
      for (const player of group) offers.set(player, await player.hears('match:found'))
      return world.offers(group[0]).matchId
    },
    /** The `match:found` that a queued player got. */
    offers: (player: Player | undefined) => offers.get(player as Player) ?? expect.fail('nobody offered a seat'),
    /** Players in one match that is playing. */
    async playing(...names: [string, string]): Promise<{ group: [Player, Player]; matchId: string }> {
      const group = await world.players(...names)
      const matchId = await world.queue(group)
      for (const player of group) expect(await player.joins(matchId)).toMatchObject({ ok: true })
      await clock.advance([...config.modes.values()][0]?.countdownMs ?? 0)
      for (const player of group) {
        const { match } = await player.asks('match:sync', { since: { epoch: 1, seq: 0 } })
        expect(match.state).toBe('playing')
        player.forgets()
      }
      return { group, matchId }
    },
    async close(): Promise<void> {
      if (isClosed) return
      isClosed = true
      for (const player of players) player.leaves()
      await world.until(() => server.io.engine.clientsCount === 0)
      await clock.advance(longestWait(config.modes.values()))
      const { namespaces, ...entries } = world.census()
      expect(namespaces).toBe(env.ADMIN_TOKEN ? 4 : 3)
      for (const [what, count] of Object.entries(entries)) expect(count, `${what} left`).toBe(0)
      await server.close()
      // A fault boundary catches faults, and would hide them from tests.
      if (!mayFail) expect(logged.filter(({ phrase }) => phrase === 'a callback failed')).toEqual([])
      expect(clock.pending, 'timers left').toBe(0)
    },
    census: () => ({
      matches: server.matches.size(),
      rooms: server.rooms.size(),
      inMatches: server.matches.connections(),
      tickets: server.queue.size(),
      players: server.presence.size(),
      socketRooms: server.io.of('/lobby').adapter.rooms.size + server.io.of('/match').adapter.rooms.size,
      titles: server.titles.all().size,
      namespaces: server.io._nsps.size,
      ...server.queue.census(),
      ...server.lobbies.census(),
      ...server.social.census(),
    }),
    /** Waits for a condition that no reply reports. */
    async until(isTrue: () => boolean): Promise<void> {
      const deadline = AbortSignal.timeout(60_000)
      while (!isTrue()) {
        if (deadline.aborted) throw new Error(`never became true: ${isTrue}`)
        await setImmediate()
      }
    },
  }
  onTestFinished(() => world.close())
  return world
}

const withDuel = (change: Partial<ModeConfig> = {}): ModeConfig[] =>
  shippedModes.map((mode) => (mode.id === 'duel' ? { ...mode, ...change } : mode))

const longestWait = (modes: Iterable<{ graceMs: number; joinMs: number; rematchMs: number }>): number =>
  Math.max(...[...modes].map(({ graceMs, joinMs, rematchMs }) => graceMs + joinMs + rematchMs), 60_000)

function logInto(logged: { level: string; fields: object; phrase: string }[]): Log {
  const at = (level: string) => (fields: object, phrase: string) => void logged.push({ level, fields, phrase })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
