import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Server, type ServerOptions } from 'socket.io'
import { type Config, ConfigError } from './config.ts'
import { farewell } from './door/farewell.ts'
import type { GuestHall } from './door/guard.ts'
import { createWelcome, HandshakeError } from './door/handshake.ts'
import { isOriginAllowed } from './door/origin.ts'
import { parser } from './door/parser.ts'
import { watchReaders } from './door/slow-readers.ts'
import { createTokens } from './door/tokens.ts'
import type { Env } from './env.ts'
import { createApp } from './http/app.ts'
import { createMetrics } from './http/metrics.ts'
import { openLobbyNamespace, peopleIn } from './lobby/namespace.ts'
import { createPresence } from './lobby/presence.ts'
import { createQueue } from './lobby/queue.ts'
import { createMatches } from './match/matches.ts'
import { openMatchNamespace } from './match/namespace.ts'
import { startPulse } from './match/pulse.ts'
import { restoreMatches } from './match/restoring.ts'
import { createRooms, type MatchHall } from './match/rooms.ts'
import { timedSandbox } from './match/sandbox.ts'
import type { Clock, Log, NewId, Random } from './ports.ts'
import type { MatchId } from './protocol/ids.ts'
import { withHealth } from './stores/health.ts'
import { openStores, type Stores } from './stores/open-stores.ts'

const DEMO_DIR = fileURLToPath(new URL('../dist/demo', import.meta.url))
// How long players wait before they come back to a server that restarts: spread, so that they do not come all at once.
const COMEBACK_MS = { least: 1_000, most: 5_000 }

export interface ServerParts {
  env: Env
  config: Config
  clock: Clock
  newId: NewId
  log: Log
  random: Random
  /** In place of the stores that the settings ask for. */
  stores?: Stores
  /** Told which match the rules are at work on. */
  working?: (on: MatchId | '') => void
  /** Matches that are not to be touched again, and why. */
  setAside?: ReadonlyMap<MatchId, string>
}

/** Puts the house together and opens the door. The one place where lobby and match meet. */
export async function startServer(parts: ServerParts) {
  const { env, config, clock, newId, log, random } = parts
  let isDraining = false
  let isOpen = false
  const { store: bareStore, isLasting } = parts.stores ?? (await openStores(env.DATA_DIR, { clock, log }))
  const { store, isHealthy } = withHealth(bareStore)
  const http = createServer()
  const lines = new Set<Socket>()
  http.on('connection', (line: Socket) => {
    lines.add(line)
    line.once('close', () => lines.delete(line))
  })
  // Before Socket.IO, which takes its own path out of the hands of whoever listens by then.
  http.on('request', (req, res) => app(req, res))
  const io = new Server(http, socketOptions(env, config))
  const lobbyHall: GuestHall = io.of('/lobby')
  const matchHall: MatchHall = io.of('/match')
  refuseElsewhere(io)

  const readers = watchReaders(io, clock, log)
  const presence = createPresence()
  const people = peopleIn(lobbyHall, presence)
  const rooms = createRooms(matchHall)
  const matches = createMatches({
    store,
    audience: rooms.audience,
    news: {
      progressed: (news) => queue.news.progressed(news),
      confirmed: (offers) => queue.news.confirmed(offers),
      cancelled: (cancelled) => queue.news.cancelled(cancelled),
    },
    modes: config.modes,
    sandbox: timedSandbox,
    ...(parts.working && { working: parts.working }),
    clock,
    newId,
    log,
    isQueued: (playerId) => queue.isQueued(playerId),
  })
  const desk = { ...matches, isOpen: isHealthy }
  const queue = createQueue({ modes: config.modes, desk, people, clock, newId, log })
  const tokens = createTokens(env.SESSION_SECRET, backendTokens(env), clock)
  const door = Promise.withResolvers<void>()
  const welcome = createWelcome({ tokens, newId, isDraining: () => isDraining, opened: door.promise })

  openLobbyNamespace({ hall: lobbyHall, welcome, presence, queue, desk, clock, log })
  openMatchNamespace({ hall: matchHall, welcome, matches, rooms, readers, modes: config.modes, clock, log })

  const metrics = createMetrics({
    connections: () => io.engine.clientsCount,
    players: presence.size,
    tickets: queue.size,
    matches: matches.size,
    rooms: rooms.size,
  })
  const demoDir = config.demo ? DEMO_DIR : null
  const app = createApp({
    metrics,
    isReady: () => isOpen && !isDraining && isHealthy(),
    demoDir,
    isDemoChanging: env.NODE_ENV !== 'production',
    metricsToken: env.ADMIN_TOKEN ?? null,
  })
  warnAbout(env, log)
  // Players may knock while their matches come back, so that no grace runs before they can.
  const port = await listen(http, env)
  await restoreMatches({ store, matches, modes: config.modes, clock, log, setAside: parts.setAside ?? new Map() })
  const pulse = startPulse(store, clock, log)
  door.resolve()
  isOpen = true
  log.info({ port, host: env.HOST, modes: [...config.modes.keys()] }, 'listening')

  /** Lets nobody in any more, tells everyone to come back later, and ends what only this process knows. */
  async function drain(): Promise<void> {
    isDraining = true
    log.info({ matches: matches.size(), tickets: queue.size() }, 'draining')
    for (const socket of [...lobbyHall.sockets.values(), ...matchHall.sockets.values()]) {
      socket.emit('server:draining', { retryAfterMs: spread(random) })
    }
    queue.drain()
    await (isLasting ? matches.letGoAll() : matches.abortAll())
    pulse.stop()
    await store.beat(clock.now()).catch(() => {})
    readers.stop()
    await farewell(io, clock)
    // Whoever has not gone by now is not waited for: a sleeping phone, half a request.
    for (const line of lines) line.destroy()
    await io.close()
    await store.close()
    log.info({}, 'stopped')
  }

  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    closing ??= drain()
    return closing
  }
  return { port, close, io, store, queue, matches, rooms, presence }
}

const spread = (random: Random): number =>
  Math.round(COMEBACK_MS.least + random() * (COMEBACK_MS.most - COMEBACK_MS.least))

function socketOptions(env: Env, config: Config): Partial<ServerOptions> {
  return {
    path: '/socket.io',
    parser,
    transports: config.transports,
    serveClient: false,
    // What one packet may weigh: parsing alone costs, so the limit comes before everything else.
    maxHttpBufferSize: 16_384,
    // Who connects and joins no namespace is cut.
    connectTimeout: 5_000,
    // A frozen peer is noticed within 9 s.
    pingInterval: 5_000,
    pingTimeout: 4_000,
    perMessageDeflate: false,
    httpCompression: false,
    cleanupEmptyChildNamespaces: true,
    cors: { origin: env.ALLOWED_ORIGINS },
    allowRequest: (req, decide) =>
      isOriginAllowed(req, env.ALLOWED_ORIGINS) ? decide(null, true) : decide('ORIGIN_DENIED', false),
  }
}

// Any other namespace, `/` included, is refused with a code, and none of them is kept.
function refuseElsewhere(io: Server): void {
  const refuse = (_socket: unknown, next: (fault: Error) => void) => next(new HandshakeError('INVALID_NAMESPACE'))
  io.of('/').use(refuse)
  io.of((_name, _auth, decide) => decide(null, true)).use(refuse)
}

const backendTokens = (env: Env) => ({
  secret: env.JWT_SECRET,
  jwksUrl: env.JWKS_URL,
  issuer: env.JWT_ISSUER,
  audience: env.JWT_AUDIENCE,
})

function warnAbout(env: Env, log: Log): void {
  if (env.isSessionSecretMadeUp) {
    log.warn({ setting: 'SESSION_SECRET' }, 'no session secret was set: one was made up')
  }
}

function listen(http: HttpServer, { PORT, HOST }: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (fault: NodeJS.ErrnoException) => {
      const why = fault.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used: ${fault.message}`
      reject(new ConfigError(`PORT: ${PORT} on ${HOST} ${why}`))
    })
    http.listen(PORT, HOST, () => resolve((http.address() as AddressInfo).port))
  })
}
