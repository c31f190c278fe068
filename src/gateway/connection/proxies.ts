import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Reads forwarded headers of requests that came through trusted proxies. */
export interface Proxies {
  /** The host that the browser asked for; undefined when no header names it. */
  hostOf(req: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined
  /** The client's address: the last one on the way that is not a trusted proxy. */
  addressOf(req: Pick<IncomingMessage, 'headers' | 'socket'>): string
  /** Whether the address is a trusted proxy's. */
  isTrusted(address: string | undefined): boolean
}

/**
 * Trusts the proxies at these addresses and ranges (`10.0.0.0/8`), and the forwarded headers of no other client. Throws
 * a `RangeError` that names an entry which is neither.
 */
export function trustedProxies(entries: readonly string[]): Proxies {
  const list = new BlockList()
  for (const entry of entries) add(list, entry)
  const isTrusted = (address = '') => {
    const plain = plainOf(address)
    return isIP(plain) !== 0 && list.check(plain, familyOf(plain))
  }
  return {
    isTrusted,
    addressOf({ headers, socket: { remoteAddress = '' } }) {
      const way = [...listIn(headers['x-forwarded-for']), remoteAddress]
      return way.findLast((address) => !isTrusted(address)) ?? way[0] ?? ''
    },
    hostOf({ headers, socket }) {
      const forwarded = headers['x-forwarded-host']
      if (forwarded === undefined || !isTrusted(socket.remoteAddress)) return headers.host
      return String(forwarded).split(',', 1)[0]?.trim()
    },
  }
}

const listIn = (header: string | string[] | undefined): string[] =>
  String(header ?? '')
    .split(',')
    .map((item) => item.trim())
    // A proxy writes addresses only.
    .filter((item) => isIP(item) !== 0)

function add(list: BlockList, entry: string): void {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const plain = plainOf(address)
  const most = isIP(plain) === 6 ? 128 : 32
  if (isIP(plain) === 0 || Number(bits ?? 0) > most) throw new RangeError(`${entry} is no address or range of them`)
  if (bits === undefined) list.addAddress(plain, familyOf(plain))
  else list.addSubnet(plain, Number(bits), familyOf(plain))
}

// A socket that listens for both families reports IPv4 addresses as IPv4-mapped IPv6.
const plainOf = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
