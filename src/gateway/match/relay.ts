import type { Clock } from '../../ports.ts'
import { relay } from '../../protocol/events/match.ts'
import { faultOf } from '../../protocol/json.ts'
import { readAs } from '../../protocol/reading.ts'
import { accept, type Refusal, type Reply, refuse } from '../../protocol/reply.ts'
import { MAX_BACKLOG_BYTES, type ReaderWatch } from '../connection/slow-readers.ts'
import { overspent, tellRefusal } from '../guard/guard.ts'
import { type MatchSocket, type Member, whyInNoMatch } from './rooms.ts'
import { eventFrame } from './wire.ts'

const SENT = accept({})

interface RelayParts {
  clock: Clock
  readers: ReaderWatch
  /** Called for each message within the rate limit. */
  sent: (socket: MatchSocket) => void
}

/** The relay of a namespace: from one member straight to the others. Not stored, no machine step, no await. */
export function createRelay(namespace: string, { clock, readers, sent }: RelayParts) {
  const payloadStart = `2${namespace},`.length
  // The wire form of a client's `socket.emit('match:send', …)` without an ack begins like this.
  const packetStart = `2${namespace},["${relay.event}",`

  /** Handles the arguments of a `match:send`, without its ack. */
  function send(socket: MatchSocket, args: unknown[]): Reply {
    const { member, messages } = socket.data
    const refusal = overspent(socket, messages, clock)
    if (refusal) return refusal
    sent(socket)
    if (!member) return whyInNoMatch(socket)
    const { seat } = member
    if (seat === null) return refuse('FORBIDDEN', { because: 'spectators cannot send' })
    const fault = faultOfMessage(args, member)
    if (fault) return fault
    deliver(member, seat, args[0], (args[1] ?? undefined) as number[] | undefined)
    return SENT
  }

  /** Handles the packet of a `match:send` without ack directly, with the same checks; false for other packets. */
  function take(socket: MatchSocket, packet: string): boolean {
    if (!packet.startsWith(packetStart)) return false
    const parsed = parse(packet.slice(payloadStart))
    if (parsed === null || !socket.connected) return false
    const reply = send(socket, parsed.slice(1))
    if (!reply.ok) tellRefusal(socket, relay.event, reply)
    return true
  }

  function deliver(sender: Member, seat: number, data: unknown, to: number[] | undefined): void {
    let frame: Buffer | undefined
    // Without `isBinaryAllowed` the checks have already refused bytes.
    const isJson = !sender.isBinaryAllowed || !hasBytes(data)
    for (const receiver of sender.room) {
      if (receiver === sender || (to && !(receiver.seat !== null && to.includes(receiver.seat)))) continue
      if (isJson) frame ??= messageFrame(namespace, seat, data)
      if (frame && receiver.wire.send(frame)) {
        if (receiver.wire.backlog > MAX_BACKLOG_BYTES) readers.look(receiver.socket.conn)
      } else {
        receiver.socket.emit('match:message', seat, data)
        readers.look(receiver.socket.conn)
      }
    }
  }

  return { send, take }
}

function faultOfMessage(args: unknown[], { isBinaryAllowed }: Member): Refusal | null {
  if (args.length === 0) return refuse('BAD_REQUEST', { because: 'data is missing' })
  // A client that passes `undefined` for `to` sends null.
  if (args.length > 2 || (args[1] != null && !readAs(relay.to, args[1]).ok)) {
    return refuse('BAD_REQUEST', { because: 'after the data comes an array of seats, or nothing' })
  }
  return faultOf(args[0], { binary: isBinaryAllowed })
}

// Socket.IO gets a packet that does not parse, and closes the connection.
function parse(payload: string): unknown[] | null {
  try {
    return JSON.parse(payload)
  } catch {
    return null
  }
}

export const messageFrame = (namespace: string, seat: number, data: unknown): Buffer =>
  eventFrame(namespace, 'match:message', `${seat},${JSON.stringify(data)}`)

function hasBytes(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  return ArrayBuffer.isView(data) || data instanceof ArrayBuffer || Object.values(data).some(hasBytes)
}
