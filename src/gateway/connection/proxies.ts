import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** What is believed of a request that came through proxies of ours. */
export interface Proxies {
  /** The host that the page's browser asked for, if anybody says so. */
  hostOf(req: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined
  /** Where whoever asks is, as far as proxies of ours say it: the last one on the way that is none of them. */
  addressOf(req: Pick<IncomingMessage, 'headers' | 'socket'>): string
  /** Whether whoever called is one of them. */
  isTrusted(address: string | undefined): boolean
}

/**
 * The proxies at these addresses and ranges (`10.0.0.0/8`); throws a `RangeError` that names the entry which is neither.
 * What a request says of where it came from is believed of them alone.
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
    // What is no address was not written by a proxy.
    .filter((item) => isIP(item) !== 0)

function add(list: BlockList, entry: string): void {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const plain = plainOf(address)
  const most = isIP(plain) === 6 ? 128 : 32
  if (isIP(plain) === 0 || Number(bits ?? 0) > most) throw new RangeError(`${entry} is no address or range of them`)
  if (bits === undefined) list.addAddress(plain, familyOf(plain))
  else list.addSubnet(plain, Number(bits), familyOf(plain))
}

// A socket that listens for both families gives an IPv4 address in the dress of the other.
const plainOf = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
