import { existsSync } from 'node:fs'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import type { Server } from 'socket.io'
import { type Config, ConfigError } from './config/config.ts'
import { keySetsOf } from './gateway/auth/key-set.ts'
import { disconnectAll } from './gateway/connection/disconnect-all.ts'
import { openOnDemand } from './gateway/connection/on-demand.ts'
import { openSocketServer } from './gateway/socket-server.ts'
import { createApp } from './http/app.ts'
import { openControl } from './http/control.ts'
import { createMetrics, type Metrics } from './http/metrics.ts'
import type { Clock, Elapsed, EpochMs, Log, NewId, Random } from './ports.ts'
import type { MatchId } from './protocol/ids.ts'
import type { Env } from './settings/env.ts'
import { copySessionSecret } from './stores/backup/copy-directory.ts'
import { openStores, type Stores } from './stores/open-stores.ts'
import { openQueueLogFile } from './stores/queue-log-file.ts'
import { type TitleStores, titleStoresIn } from './stores/title-stores.ts'
import { steadyClock } from './system/steady-clock.ts'
import { addressOf } from './system/terminal.ts'
import { packageRoot, version } from './system/this-package.ts'
import { checkTitleKeys } from './title/keys.ts'
import type { ProcessServices } from './title/parts.ts'
import { openTitle, type Title } from './title/title.ts'
import { createTitles } from './title/titles.ts'
import type { Uptime } from './util/outage.ts'

const DEMO_DIR = join(packageRoot, 'dist/demo')

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
export async function openServer(parts: ServerParts) {
  const { env, config, newId, log, random } = parts
  const keys = { sessionSecret: env.SESSION_SECRET, backend: backendTokens(env), admin: env.ADMIN_TOKEN ?? null }
  checkTitleKeys(config.titles, keys)
  const clock = steadyClock(parts.clock, log)
  const stores = parts.stores ?? (await openStores(env.DATA_DIR, { clock, log }))
  const queueLog = env.QUEUE_LOG ? openQueueLogFile(env.QUEUE_LOG, log) : null
  const http = createServer()
  const destroySockets = trackSockets(http)
  // Added before Socket.IO, which keeps requests of its path from the listeners that exist by then.
  http.on('request', (req, res) => app(req, res))
  const { io, turns, readers } = openSocketServer(http, {
    transports: config.transports,
    allowedOrigins: env.ALLOWED_ORIGINS,
    proxies: env.TRUSTED_PROXIES,
    isLocalAllowed: env.NODE_ENV !== 'production',
    clock,
    log,
    elapsed: parts.elapsed,
    progressed: parts.progressed,
  })
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
  const pageDir = config.page ?? (config.demo ? DEMO_DIR : null)
  const app = createApp({
    metrics: metricsOf(io, everyTitle),
    isReady: () => isStarted && everyTitle().every((title) => title.isReady()),
    pageDir,
    isPageChanging: env.NODE_ENV !== 'production',
    metricsToken: env.ADMIN_TOKEN ?? null,
  })
  warnAbout(env, log)
  if (config.page !== undefined && !existsSync(config.page)) log.warn({ page: config.page }, 'page is not built')
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
    destroySockets()
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

/** Keeps the open TCP sockets of a server; returns a function that destroys them. */
function trackSockets(http: HttpServer): () => void {
  const sockets = new Set<Socket>()
  http.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () => sockets.forEach((socket) => void socket.destroy())
}

/** Sums up all titles; the first one is the service's own. */
function metricsOf({ engine }: Server, everyTitle: () => Title[]): Metrics {
  const sum = (what: keyof ReturnType<Title['sizes']>) => () =>
    everyTitle().reduce((total, title) => total + title.sizes()[what], 0)
  return createMetrics({
    connections: () => engine.clientsCount,
    titles: () => everyTitle().length - 1,
    players: sum('players'),
    tickets: sum('tickets'),
    lobbies: sum('lobbies'),
    parties: sum('parties'),
    matches: sum('matches'),
    rooms: sum('rooms'),
  })
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
