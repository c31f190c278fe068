import type { Server, Socket } from 'socket.io'
import type { Proxies } from './proxies.ts'

const known = new WeakMap<Socket['conn'], string>()

/** Notes where each connection comes from as it opens, also where it came through proxies of ours. */
export function noteAddresses({ engine }: Pick<Server, 'engine'>, proxies: Proxies): void {
  engine.on('connection', (conn: Socket['conn']) => known.set(conn, networkOf(proxies.addressOf(conn.request))))
}

/** Where a connection comes from, as one who may have many addresses has one: IPv6 by its first 64 bits. */
export const addressOf = ({ conn }: Pick<Socket, 'conn'>): string => known.get(conn) ?? networkOf(conn.remoteAddress)

/** IPv4 as it is, also where it is written as IPv6; of IPv6 the first four groups. */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase()
  const mapped = /^(?:0*:)*:?(?:0*:)*ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1]
  if (mapped) return mapped
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length)
  const whole = [...groups, ...Array<string>(zeros).fill('0'), ...after]
  const first = whole.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''))
  return `${first.join(':')}::/64`
}
