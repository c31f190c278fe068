import { existsSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import helmet from 'helmet'
import sirv from 'sirv'
import { isSameSecret } from '../gateway/auth/secrets.ts'
import type { Metrics } from './metrics.ts'

interface AppParts {
  metrics: Metrics
  /** Whether the service accepts new players. */
  isReady: () => boolean
  /** The directory of the page at `/`; null serves none. */
  pageDir: string | null
  /** Whether the page may be rebuilt while the server runs. */
  isPageChanging?: boolean
  /** The token for reading `/metrics` from other machines; null allows this machine only. */
  metricsToken: string | null
}
type Route = (req: IncomingMessage, res: ServerResponse) => void

// Allows what a page may use: its own scripts, styles and WebSocket.
const secure = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // Players on a local network connect by plain http; a proxy in front sets this for https.
  strictTransportSecurity: false,
  // Browsers accept these two over https only, and warn about them elsewhere.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
})

const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/** Answers all HTTP requests that are not Socket.IO's. */
export function createApp({
  metrics,
  isReady,
  pageDir,
  isPageChanging = false,
  metricsToken,
}: AppParts): RequestListener {
  const page = pageDir !== null && existsSync(pageDir) ? sirv(pageDir, { etag: true, dev: isPageChanging }) : null

  const routes = new Map<string, Route>([
    ['/healthz', (_req, res) => say(res, 200, 'ok')],
    ['/readyz', (_req, res) => (isReady() ? say(res, 200, 'ready') : say(res, 503, 'draining'))],
    [
      '/metrics',
      (req, res) => {
        if (!mayReadMetrics(req, metricsToken))
          return say(res, 403, 'metrics are for this machine; from elsewhere, send the admin token')
        metrics.render().then(
          (text) => res.writeHead(200, { 'content-type': metrics.contentType }).end(text),
          () => say(res, 500, 'metrics failed'),
        )
      },
    ],
  ])

  function route(req: IncomingMessage, res: ServerResponse): void {
    if (req.method !== 'GET' && req.method !== 'HEAD') return say(res, 405, 'method not allowed')
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/'
    const handler = routes.get(path)
    if (handler) return handler(req, res)
    if (page) return page(req, res, () => say(res, 404, 'not found'))
    say(res, 404, 'not found')
  }

  return (req, res) => secure(req, res, () => route(req, res))
}

function say(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}

// A proxy on this machine also calls from loopback, for clients elsewhere.
function mayReadMetrics({ socket, headers }: IncomingMessage, token: string | null): boolean {
  if (token !== null && isSameSecret(headers.authorization ?? '', `Bearer ${token}`)) return true
  const isForwarded = FORWARDED.some((name) => headers[name] !== undefined)
  return LOOPBACK.has(socket.remoteAddress ?? '') && !isForwarded
}
