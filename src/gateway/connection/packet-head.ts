import { type Packet, PacketType } from 'socket.io-parser'

/** Takes the place of the arguments of an event that was too large to parse. */
export class Oversized {
  readonly bytes: number
  constructor(bytes: number) {
    this.bytes = bytes
  }
}

// Type, attachments, namespace, id; then an event's name: `452-/match,7["match:send",…`
const HEAD = /^([2356])(?:(\d{1,2})-)?(?:(\/[^,]{0,128}),)?(\d{1,15})?(?=\[)/
const NAME = /^\[("(?:[^"\\]|\\.){0,128}")[,\]]/
const NAME_WINDOW = 300
const MAX_ATTACHMENTS = 10
const RESERVED = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']

/**
 * Reads the head of an event or an ack (Socket.IO protocol 5) without its arguments: enough to refuse it. Null for
 * anything else.
 */
export function headOf(text: string): { packet: Packet; attachments: number } | null {
  const [all, type, attached, nsp = '/', id] = HEAD.exec(text) ?? []
  if (all === undefined) return null
  const isBinary = type === '5' || type === '6'
  const attachments = Number(attached ?? 0)
  if (isBinary !== attachments > 0 || attachments > MAX_ATTACHMENTS) return null
  if (type === '3' || type === '6') return { packet: { type: PacketType.ACK, nsp }, attachments }
  const event = nameIn(text.slice(all.length, all.length + NAME_WINDOW))
  if (event === null) return null
  const packet: Packet = { type: PacketType.EVENT, nsp, data: [event, new Oversized(Buffer.byteLength(text))] }
  if (id !== undefined) packet.id = Number(id)
  return { packet, attachments }
}

function nameIn(start: string): string | null {
  const [, quoted] = NAME.exec(start) ?? []
  if (quoted === undefined) return null
  try {
    const name = JSON.parse(quoted) as string
    return RESERVED.includes(name) ? null : name
  } catch {
    return null
  }
}
