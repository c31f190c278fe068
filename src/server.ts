import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Server, type ServerOptions } from 'socket.io'
import { type Config, ConfigError } from './config/config.ts'
import { keySetsOf } from './gateway/auth/key-set.ts'
import { noteAddresses } from './gateway/connection/address.ts'
import { disconnectAll } from './gateway/connection/disconnect-all.ts'
import { watchIntake } from './gateway/connection/intake.ts'
import { createNewcomers, type Newcomers } from './gateway/connection/newcomers.ts'
import { openOnDemand } from './gateway/connection/on-demand.ts'
import { createOrigins, type Origins } from './gateway/connection/origin.ts'
import { MAX_READABLE_BYTES, parser } from './gateway/connection/parser.ts'
import { type Proxies, trustedProxies } from './gateway/connection/proxies.ts'
import { logRefusedOrigins } from './gateway/connection/refused-origins.ts'
import { watchReaders } from './gateway/connection/slow-readers.ts'
import { createLoopTurns } from './gateway/guard/loop-turns.ts'
import { createApp } from './http/app.ts'
import { openControl } from './http/control.ts'
import { createMetrics } from './http/metrics.ts'
import type { Clock, Elapsed, EpochMs, Log, NewId, Random } from './ports.ts'
import type { MatchId } from './protocol/ids.ts'
import type { Env } from './settings/env.ts'
import { copySessionSecret } from './stores/backup/copy-directory.ts'
import { openStores, type Stores } from './stores/open-stores.ts'
import { openQueueLogFile } from './stores/queue-log-file.ts'
import { type TitleStores, titleStoresIn } from './stores/title-stores.ts'
import { steadyClock } from './system/steady-clock.ts'
import { version } from './system/system.ts'
import { addressOf } from './system/terminal.ts'
import { checkTitleKeys } from './title/keys.ts'
import type { ProcessServices } from './title/parts.ts'
import { openTitle, type Title } from './title/title.ts'
import { createTitles } from './title/titles.ts'
import type { Uptime } from './util/outage.ts'

const DEMO_DIR = fileURLToPath(new URL('../dist/demo', import.meta.url))

export interface ServerParts {
  env: Env
  config: Config
  clock: Clock
  /** The machine's wall clock; `clock` by default. */
  wallNow?: () => EpochMs
  newId: NewId
  log: Log
  random: Random
  /** The machine's uptime: tells an outage from a clock that was moved. */
  uptime?: () => Uptime | null
  /** Replaces the stores of the settings. */
  stores?: Stores
  elapsed: Elapsed
  /** Called whenever the loop makes progress. */
  progressed?: () => void
  /** Called with the name of the event that is being answered. */
  answering?: (event: string) => void
  /** Called with the match, and its mode, whose rules run from now on. */
  working?: (on: MatchId | '', mode?: string) => void
  /** Matches that are not restored, and why. */
  setAside?: ReadonlyMap<MatchId, string>
}

/** Composes the process and listens. A title is composed in title.ts. */
export async function startServer(parts: ServerParts) {
  const { env, config, newId, log, random } = parts
  const keys = { sessionSecret: env.SESSION_SECRET, backend: backendTokens(env), admin: env.ADMIN_TOKEN ?? null }
  checkTitleKeys(config.titles, keys)
  const clock = steadyClock(parts.clock, log)
  const stores = parts.stores ?? (await openStores(env.DATA_DIR, { clock, log }))
  const queueLog = env.QUEUE_LOG ? openQueueLogFile(env.QUEUE_LOG, log) : null
  const http = createServer()
  const tcpSockets = new Set<Socket>()
  http.on('connection', (socket: Socket) => {
    tcpSockets.add(socket)
    socket.once('close', () => tcpSockets.delete(socket))
  })
  // Added before Socket.IO, which keeps requests of its path from the listeners that exist by then.
  http.on('request', (req, res) => app(req, res))
  const proxies = trustedProxies(env.TRUSTED_PROXIES)
  const newcomers = createNewcomers(proxies)
  const io = new Server(http, socketOptions(config, { origins: originsOf(env, proxies), newcomers, clock, log }))

  noteAddresses(io, proxies)
  newcomers.watch(io)
  const turns = createLoopTurns(parts)
  watchIntake(io, { clock, log, elapsed: parts.elapsed, turns, progressed: parts.progressed })
  const readers = watchReaders(io, clock, log)
  const keySets = keySetsOf({ clock, log })
  const services: ProcessServices = {
    io,
    readers,
    isVerbose: env.LOG_LEVEL === 'debug' || env.LOG_LEVEL === 'trace',
    about: { version, node: env.NODE_ID ?? newId(), startedAt: clock.now() },
    clock,
    wallNow: parts.wallNow ?? clock.now.bind(clock),
    keySets,
    newId,
    log,
    random,
    uptime: parts.uptime,
    turns,
    elapsed: parts.elapsed,
    answering: parts.answering,
    ...(parts.working && { working: parts.working }),
    setAside: parts.setAside ?? new Map(),
    queueLog,
  }
  const titleStores = titleStoresIn(env.DATA_DIR, clock)
  const titles = createTitles({ services, configured: config.titles, keys, stores: titleStores })
  const others = () => [...titles.all()].map(([title, { sizes }]) => ({ title, sizes: sizes() }))
  const { modes, regions, lobbies: lobbySettings } = config
  const main = openTitle(services, { prefix: '', modes, regions, lobbySettings, keys, stores, others })
  openOnDemand(io, titles, log)
  let isStarted = false

  const everyTitle = () => [main, ...titles.all().values()]
  const sum = (what: keyof ReturnType<Title['sizes']>) => () =>
    everyTitle().reduce((total, title) => total + title.sizes()[what], 0)
  const metrics = createMetrics({
    connections: () => io.engine.clientsCount,
    titles: () => titles.all().size,
    players: sum('players'),
    tickets: sum('tickets'),
    lobbies: sum('lobbies'),
    parties: sum('parties'),
    matches: sum('matches'),
    rooms: sum('rooms'),
  })
  const demoDir = config.demo ? DEMO_DIR : null
  const app = createApp({
    metrics,
    isReady: () => isStarted && everyTitle().every((title) => title.isReady()),
    demoDir,
    isDemoChanging: env.NODE_ENV !== 'production',
    metricsToken: env.ADMIN_TOKEN ?? null,
  })
  warnAbout(env, log)
  const port = await listen(http, env)
  await Promise.all([main.start(), titles.start()])
  isStarted = true
  const closeControl = await openBackupControl(env.DATA_DIR, stores, titleStores, log)
  log.info({ url: addressOf(env.HOST, port), port, host: env.HOST, modes: [...config.modes.keys()] }, 'listening')

  async function stop(): Promise<void> {
    await closeControl()
    await Promise.all([main.drain(), titles.drain()])
    readers.stop()
    keySets.stop()
    await disconnectAll(io, clock)
    await queueLog?.close()
    // Sockets still open belong to sleeping phones or half-sent requests.
    for (const socket of tcpSockets) socket.destroy()
    await io.close()
    await Promise.all([main.close(), titles.close()])
    clock.stop()
    log.info({}, 'stopped')
  }

  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    closing ??= stop()
    return closing
  }
  const { store, queue, matches, rooms, presence, lobbies, social } = main
  return { port, close, io, store, queue, matches, rooms, presence, lobbies, social, titles }
}

/** Serves the backup command on this machine, if data is stored. Resolves to a function that stops it. */
async function openBackupControl(directory: string | undefined, stores: Stores, titles: TitleStores, log: Log) {
  const { copyTo } = stores
  if (directory === undefined || !copyTo) return async () => {}
  async function backUp(target: string): Promise<void> {
    await copyTo?.(join(target, 'muster.db'))
    await titles.copyAll(target)
    copySessionSecret(directory as string, target)
  }
  return openControl({ directory, backUp, log })
}

function originsOf(env: Env, proxies: Proxies): Origins {
  return createOrigins({
    allowed: env.ALLOWED_ORIGINS,
    proxies,
    isLocalAllowed: env.NODE_ENV !== 'production',
  })
}

interface Admission {
  origins: Origins
  newcomers: Newcomers
  clock: Clock
  log: Log
}

function socketOptions(config: Config, { origins, newcomers, clock, log }: Admission): Partial<ServerOptions> {
  const logRefused = logRefusedOrigins(origins, clock, log)
  return {
    path: '/socket.io',
    parser,
    transports: config.transports,
    serveClient: false,
    // A larger packet closes the connection. A packet's own limit is smaller: between the two it is refused unread.
    maxHttpBufferSize: MAX_READABLE_BYTES,
    // Closes connections that join no namespace.
    connectTimeout: 5_000,
    // A frozen client is noticed within 9 s.
    pingInterval: 5_000,
    pingTimeout: 4_000,
    perMessageDeflate: false,
    httpCompression: false,
    cleanupEmptyChildNamespaces: true,
    // Browsers apply CORS to polling; the same rules decide.
    cors: (req, decide) => decide(null, { origin: origins.isAllowed(req as IncomingMessage) }),
    allowRequest(req, decide) {
      if (!origins.isAllowed(req)) {
        logRefused(req.headers.origin ?? '')
        return decide('ORIGIN_DENIED', false)
      }
      if (!newcomers.mayConnect(req)) return decide('OVERLOADED', false)
      decide(null, true)
    },
  }
}

const backendTokens = (env: Env) => ({
  secret: env.JWT_SECRET,
  jwksUrl: env.JWKS_URL,
  issuer: env.JWT_ISSUER,
  audience: env.JWT_AUDIENCE,
  requireExp: env.JWT_REQUIRE_EXP,
})

function warnAbout(env: Env, log: Log): void {
  if (env.isSessionSecretMadeUp) {
    log.warn({ setting: 'SESSION_SECRET' }, 'no session secret was set: one was made up')
  }
}

function listen(http: HttpServer, { PORT, HOST }: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE') return reject(new ConfigError(`PORT: ${PORT} on ${HOST} is taken by another program`))
      const isAbsent = ['ENOTFOUND', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'EINVAL', 'EAFNOSUPPORT'].includes(code ?? '')
      if (isAbsent) return reject(new ConfigError(`HOST: ${HOST} is no address of this machine (${code})`))
      reject(new ConfigError(`PORT: ${PORT} on ${HOST} cannot be used: ${message}`))
    })
    http.listen(PORT, HOST, () => resolve((http.address() as AddressInfo).port))
  })
}
