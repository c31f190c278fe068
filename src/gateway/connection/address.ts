import type { Server, Socket } from 'socket.io'
import type { Proxies } from './proxies.ts'

const known = new WeakMap<Socket['conn'], string>()

/** Records the address of each connection as it opens, behind trusted proxies too. */
export function noteAddresses({ engine }: Pick<Server, 'engine'>, proxies: Proxies): void {
  engine.on('connection', (conn: Socket['conn']) => known.set(conn, networkOf(proxies.addressOf(conn.request))))
}

/** The address that limits count by: IPv4, or the first 64 bits of IPv6, since one client may hold a whole /64. */
export const addressOf = ({ conn }: Pick<Socket, 'conn'>): string => known.get(conn) ?? networkOf(conn.remoteAddress)

/** `192.0.2.1`, also for an IPv4-mapped address; for IPv6 its first four groups: `2001:db8:0:0::/64`. */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase()
  const mapped = /^(?:0*:)*:?(?:0*:)*ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1]
  if (mapped) return mapped
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head === '' ? [] : head.split(':')
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - tailGroups.length)
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...tailGroups]
  const prefix = all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''))
  return `${prefix.join(':')}::/64`
}
