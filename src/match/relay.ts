import { overspent } from '../door/guard.ts'
import { MAX_BACKLOG_BYTES, type ReaderWatch } from '../door/slow-readers.ts'
import type { Clock } from '../ports.ts'
import { faultOf } from '../protocol/json.ts'
import { relay } from '../protocol/match.ts'
import { accept, type Refusal, type Reply, refuse } from '../protocol/reply.ts'
import type { MatchGuest, Member } from './rooms.ts'
import { textFrame } from './wire.ts'

const SENT = accept({})

/** The relay lane: from one member straight to the others. Not stored, no machine step, no await. */
export function createRelay(clock: Clock, readers: ReaderWatch) {
  return function send(socket: MatchGuest, args: unknown[]): Reply {
    const { member, messages } = socket.data
    const refusal = overspent(socket, messages, clock)
    if (refusal) return refusal
    if (!member) return refuse('NOT_IN_MATCH')
    const [data, to] = args
    const fault = faultOfMessage(args, member)
    if (fault) return fault
    deliver(member, data, to as number[] | undefined)
    return SENT
  }

  function deliver(sender: Member, data: unknown, to: number[] | undefined): void {
    let frame: Buffer | undefined
    const isJson = !hasBytes(data)
    for (const receiver of sender.room) {
      if (receiver === sender || (to && !to.includes(receiver.seat))) continue
      if (isJson) frame ??= messageFrame(sender.seat, data)
      if (!frame || !receiver.wire.send(frame)) receiver.socket.emit('match:message', sender.seat, data)
      if (receiver.wire.backlog > MAX_BACKLOG_BYTES) readers.look(receiver.socket.conn)
    }
  }
}

function faultOfMessage(args: unknown[], { isBinaryAllowed }: Member): Refusal | null {
  if (args.length === 0) return refuse('BAD_REQUEST', { because: 'data is missing' })
  if (args.length > 1 && (args.length > 2 || !relay.to.safeParse(args[1]).success)) {
    return refuse('BAD_REQUEST', { because: 'after the data comes an array of seats, or nothing' })
  }
  const fault = faultOf(args[0], { binary: isBinaryAllowed })
  return fault && refuse(fault)
}

// Socket.IO's packet for `socket.emit('match:message', seat, data)` in /match, in Engine.IO's for a message.
export const messageFrame = (seat: number, data: unknown): Buffer =>
  textFrame(`42/match,["match:message",${seat},${JSON.stringify(data)}]`)

function hasBytes(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  return ArrayBuffer.isView(data) || data instanceof ArrayBuffer || Object.values(data).some(hasBytes)
}
