import type { IncomingMessage } from 'node:http'
import { domainToASCII } from 'node:url'
import type { Proxies } from './proxies.ts'

/** Which pages may connect. */
export interface OriginRules {
  /** As configured; `readPattern` accepts each of them. */
  allowed: readonly string[]
  proxies: Proxies
  /** Allows pages of this machine on any port: for development. */
  isLocalAllowed: boolean
}
export type Origins = ReturnType<typeof createOrigins>
type Request = Pick<IncomingMessage, 'headers' | 'socket'>

/**
 * Decides which pages may connect: the server's own, those on the list, and in development those of this machine.
 * Browsers do not apply CORS to WebSockets, so this is the only check. Clients other than browsers send no origin and
 * may always connect.
 */
export function createOrigins({ allowed, proxies, isLocalAllowed }: OriginRules) {
  const patterns = allowed.map(readPattern)

  function isAllowed(req: Request): boolean {
    const { origin } = req.headers
    if (origin === undefined || patterns.includes('*')) return true
    const parts = readOrigin(origin)
    if (!parts) return false
    if (isLocalAllowed && isOfThisMachine(parts)) return true
    return isOwn(parts, proxies.hostOf(req)) || patterns.some((pattern) => pattern !== '*' && matches(parts, pattern))
  }

  /** The setting that would allow this origin; null for an origin that a setting cannot name. */
  function settingFor(origin: string): string | null {
    const parts = readOrigin(origin)
    return parts && `ALLOWED_ORIGINS=${[textOf(parts), ...allowed].join(',')}`
  }

  return { isAllowed, settingFor }
}

interface Origin {
  scheme: string
  host: string
  /** Empty for the scheme's default port. */
  port: string
}
type Pattern = '*' | (Origin & { isAnySubdomain: boolean })

const DEFAULT_PORTS = new Map([
  ['http', '80'],
  ['https', '443'],
])
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[^\s/?#@:\\[\]*,]+)(?::(\d{1,5}))?$/i

function readOrigin(text: string): Origin | null {
  const [, scheme = '', host = '', port = ''] = ORIGIN.exec(text) ?? []
  const plain = { scheme: scheme.toLowerCase(), host: hostOf(host) }
  if (plain.host === '' || Number(port) > 65_535) return null
  return { ...plain, port: port === DEFAULT_PORTS.get(plain.scheme) ? '' : port }
}

// Browsers send internationalized names in Punycode.
const hostOf = (host: string): string => (host.startsWith('[') ? ipv6Of(host) : domainToASCII(host))
const ipv6Of = (host: string): string => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '')

const textOf = ({ scheme, host, port }: Origin): string => `${scheme}://${host}${port && `:${port}`}`

/** Reads an entry of the list; throws a `RangeError` that says why an entry can never match. */
export function readPattern(entry: string): Pattern {
  if (entry === '*') return '*'
  const [, scheme = '', star, rest = ''] = /^([^/]*:\/\/)(\*\.)?(.*?)\/?$/.exec(entry) ?? []
  const origin = readOrigin(scheme + rest)
  if (origin && !/^wss?$/.test(origin.scheme)) return { ...origin, isAnySubdomain: star !== undefined }
  throw new RangeError(`${entry} can never match: ${whyNot(entry, scheme)}`)
}

function whyNot(entry: string, scheme: string): string {
  if (entry === 'null') return 'pages without an origin of their own can be let in by * alone'
  if (scheme === '') return `say http:// or https:// before it, as in https://${entry.replace(/^\/+/, '')}`
  if (/^wss?:/i.test(scheme)) return 'an origin is where the page comes from: say http:// or https://'
  if (entry.includes('*'))
    return 'a star stands for everything (*), or for all that is below a host (https://*.example.org)'
  if (/^[^/]*:\/\/[^/]+\/./.test(entry)) return 'an origin has no path: leave out what follows the host'
  return 'an origin is a scheme, a host and perhaps a port, as in https://example.org'
}

function matches(origin: Origin, pattern: Exclude<Pattern, '*'>): boolean {
  if (origin.scheme !== pattern.scheme || origin.port !== pattern.port) return false
  return pattern.isAnySubdomain ? origin.host.endsWith(`.${pattern.host}`) : origin.host === pattern.host
}

// The request does not show whether a proxy terminates TLS, so the page's scheme is taken for ours.
function isOwn(origin: Origin, host: string | undefined): boolean {
  const own = host === undefined ? null : readOrigin(`${origin.scheme}://${host}`)
  return own !== null && textOf(own) === textOf(origin)
}

// Names below `localhost` are this machine's by RFC 6761.
const isOfThisMachine = ({ scheme, host }: Origin): boolean =>
  DEFAULT_PORTS.has(scheme) && (['localhost', '127.0.0.1', '[::1]'].includes(host) || host.endsWith('.localhost'))
