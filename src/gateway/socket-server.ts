import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { Server, type ServerOptions } from 'socket.io'
import type { Elapsed, Log } from '../ports.ts'
import type { SteadyClock } from '../util/outage.ts'
import { noteAddresses } from './connection/address.ts'
import { watchIntake } from './connection/intake.ts'
import { createNewcomers, type Newcomers } from './connection/newcomers.ts'
import { createOrigins, type Origins } from './connection/origin.ts'
import { MAX_READABLE_BYTES, parser } from './connection/parser.ts'
import { trustedProxies } from './connection/proxies.ts'
import { logRefusedOrigins } from './connection/refused-origins.ts'
import { watchReaders } from './connection/slow-readers.ts'
import { createLoopTurns } from './guard/loop-turns.ts'

interface SocketServerParts {
  transports: NonNullable<ServerOptions['transports']>
  /** Origins and patterns that `readPattern` accepts. */
  allowedOrigins: readonly string[]
  /** Addresses and ranges of trusted proxies. */
  proxies: readonly string[]
  /** Allows pages of this machine on any port: for development. */
  isLocalAllowed: boolean
  clock: SteadyClock
  log: Log
  elapsed: Elapsed
  /** Called whenever the loop makes progress. */
  progressed?: (() => void) | undefined
}

/** Opens Socket.IO on an HTTP server, with all limits on connections that are in no namespace yet. */
export function openSocketServer(http: HttpServer, parts: SocketServerParts) {
  const { transports, allowedOrigins, isLocalAllowed, clock, log, elapsed, progressed } = parts
  const proxies = trustedProxies(parts.proxies)
  const newcomers = createNewcomers(proxies)
  const origins = createOrigins({ allowed: allowedOrigins, proxies, isLocalAllowed })
  const logRefused = logRefusedOrigins(origins, clock, log)
  const io = new Server(http, {
    ...optionsOf(transports),
    ...admissionBy({ origins, newcomers, logRefused }),
  })
  noteAddresses(io, proxies)
  newcomers.watch(io)
  const turns = createLoopTurns({ elapsed, progressed, log })
  watchIntake(io, { clock, log, elapsed, turns, progressed })
  return { io, turns, readers: watchReaders(io, clock, log) }
}

const optionsOf = (transports: NonNullable<ServerOptions['transports']>): Partial<ServerOptions> => ({
  path: '/socket.io',
  parser,
  transports,
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
})

interface AdmissionParts {
  origins: Origins
  newcomers: Newcomers
  logRefused: (origin: string) => void
}

/** Which requests may open a connection. */
function admissionBy({ origins, newcomers, logRefused }: AdmissionParts): Partial<ServerOptions> {
  return {
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
