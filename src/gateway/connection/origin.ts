import type { IncomingMessage } from 'node:http'
import { domainToASCII } from 'node:url'
import type { Proxies } from './proxies.ts'

/** Which pages may connect. */
export interface OriginRules {
  /** As they were written down; all of them readable by `readOrigins`. */
  allowed: readonly string[]
  proxies: Proxies
  /** Whether pages of this very machine may, whatever their port: for development. */
  isLocalAllowed: boolean
}
export type Origins = ReturnType<typeof createOrigins>
type Request = Pick<IncomingMessage, 'headers' | 'socket'>

/**
 * Says which pages may connect: the server's own, those on the list, and in development those of this machine. Browsers
 * do not hold WebSockets to CORS, so this check is the only one. Clients other than browsers send no origin and may
 * always connect.
 */
export function createOrigins({ allowed, proxies, isLocalAllowed }: OriginRules) {
  const patterns = allowed.map(readPattern)

  function isAllowed(req: Request): boolean {
    const { origin } = req.headers
    if (origin === undefined || patterns.includes('*')) return true
    const place = readPlace(origin)
    if (!place) return false
    if (isLocalAllowed && isOfThisMachine(place)) return true
    return isOwn(place, proxies.hostOf(req)) || patterns.some((pattern) => pattern !== '*' && fits(place, pattern))
  }

  /** The line of the settings with which this origin could connect; null for one that no line can name. */
  function lineFor(origin: string): string | null {
    const place = readPlace(origin)
    return place && `ALLOWED_ORIGINS=${[textOf(place), ...allowed].join(',')}`
  }

  return { isAllowed, lineFor }
}

interface Place {
  scheme: string
  host: string
  /** Empty where it is the scheme's own. */
  port: string
}
type Pattern = '*' | (Place & { isAnyBelow: boolean })

const DEFAULT_PORTS = new Map([
  ['http', '80'],
  ['https', '443'],
])
const PLACE = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[^\s/?#@:\\[\]*,]+)(?::(\d{1,5}))?$/i

function readPlace(text: string): Place | null {
  const [, scheme = '', host = '', port = ''] = PLACE.exec(text) ?? []
  const plain = { scheme: scheme.toLowerCase(), host: hostOf(host) }
  if (plain.host === '' || Number(port) > 65_535) return null
  return { ...plain, port: port === DEFAULT_PORTS.get(plain.scheme) ? '' : port }
}

// What a browser makes of a name with letters of its own.
const hostOf = (host: string): string => (host.startsWith('[') ? ipv6Of(host) : domainToASCII(host))
const ipv6Of = (host: string): string => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '')

const textOf = ({ scheme, host, port }: Place): string => `${scheme}://${host}${port && `:${port}`}`

/** Throws a `RangeError` that says why an entry of the list can never match. */
export function readPattern(entry: string): Pattern {
  if (entry === '*') return '*'
  const [, scheme = '', star, rest = ''] = /^([^/]*:\/\/)(\*\.)?(.*?)\/?$/.exec(entry) ?? []
  const place = readPlace(scheme + rest)
  if (place && !/^wss?$/.test(place.scheme)) return { ...place, isAnyBelow: star !== undefined }
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

function fits(place: Place, pattern: Exclude<Pattern, '*'>): boolean {
  if (place.scheme !== pattern.scheme || place.port !== pattern.port) return false
  return pattern.isAnyBelow ? place.host.endsWith(`.${pattern.host}`) : place.host === pattern.host
}

// Whether a proxy speaks https for us does not show, so the scheme is the page's.
function isOwn(place: Place, host: string | undefined): boolean {
  const own = host === undefined ? null : readPlace(`${place.scheme}://${host}`)
  return own !== null && textOf(own) === textOf(place)
}

// Names below `localhost` are this machine's by RFC 6761.
const isOfThisMachine = ({ scheme, host }: Place): boolean =>
  DEFAULT_PORTS.has(scheme) && (['localhost', '127.0.0.1', '[::1]'].includes(host) || host.endsWith('.localhost'))
