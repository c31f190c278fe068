import type { Server, Socket } from 'socket.io'
import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser'
import { MAX_PACKET_BYTES } from '../../protocol/json.ts'
import { jsonWithShared } from '../../protocol/shared-json.ts'
import { headOf, Oversized } from './packet-head.ts'

/** Takes a packet as it came off the wire; false when it is not the one it takes, or must take the ordinary way. */
type Shortcut = (packet: string) => boolean
type Listener = (packet: Packet) => void

/** Beyond this a connection is closed; between the two limits a packet is refused. */
export const MAX_READABLE_BYTES = 65_536

class OrderedDecoder extends Decoder {
  /** By namespace: one connection may be in a match of several titles. */
  readonly shortcuts = new Map<string, Shortcut>()
  /** The namespaces that the connection is in. */
  readonly inside = new Set<string>()
  #onTheWay = 0
  #receiver: Listener = () => {}
  /** A packet too large to be read, of which so many attachments are still to come. */
  #skipped: { packet: Packet; attachments: number } | null = null
  /** What the packet that is just being put together weighs. */
  #bytes = 0

  override add(packet: unknown): void {
    // Socket.IO handles a packet one tick after it was decoded: until then nothing may overtake it.
    if (this.#onTheWay === 0 && typeof packet === 'string' && this.#isTaken(packet)) return
    if (this.#isSkipped(packet)) return
    this.#bytes += sizeOf(packet)
    if (this.#bytes > MAX_READABLE_BYTES) throw new Error('the packet and its attachments are too large')
    super.add(packet)
    if (!this.#isIncomplete) this.#bytes = 0
  }

  // Socket.IO's client listens for `decoded` alone, and once.
  override on(event: 'decoded', listener: Listener): this {
    this.#receiver = listener
    const ordered: Listener & { fn?: Listener } = (packet) => this.#pass(packet)
    ordered.fn = listener
    return super.on(event, ordered)
  }

  override destroy(): void {
    super.destroy()
    this.#skipped = null
    this.shortcuts.clear()
    this.inside.clear()
  }

  #pass(packet: Packet): void {
    const tooLarge = this.#bytes > MAX_PACKET_BYTES && packet.type === PacketType.EVENT
    if (tooLarge) packet.data = [packet.data[0], new Oversized(this.#bytes)]
    this.#inOrder(packet)
  }

  /**
   * Socket.IO lets a socket have its packet a tick later, but a CONNECT goes through at once: it would overtake the
   * DISCONNECT before it, and close the connection.
   */
  #inOrder(packet: Packet): void {
    const isConnect = packet.type === PacketType.CONNECT
    // Whoever gave up on a CONNECT before its answer came has sent no DISCONNECT, and comes again.
    if (isConnect && this.inside.has(packet.nsp)) this.#inOrder({ type: PacketType.DISCONNECT, nsp: packet.nsp })
    if (!isConnect || this.#onTheWay === 0) this.#receiver(packet)
    else process.nextTick(() => this.#receiver(packet))
    this.#onTheWay += 1
    process.nextTick(() => {
      this.#onTheWay -= 1
    })
  }

  get #isIncomplete(): boolean {
    return (this as unknown as { reconstructor?: unknown }).reconstructor != null
  }

  /** Whether the packet, or the one it is an attachment of, is too large to be read: that one is only refused. */
  #isSkipped(packet: unknown): boolean {
    if (this.#skipped) {
      if (typeof packet === 'string') throw new Error('got text where an attachment was due')
      this.#skipped.attachments -= 1
    } else {
      if (typeof packet !== 'string' || this.#isIncomplete || sizeOf(packet) <= MAX_PACKET_BYTES) return false
      const head = headOf(packet)
      if (!head) return false
      this.#skipped = head
    }
    const { packet: refused, attachments } = this.#skipped
    if (attachments > 0) return true
    this.#skipped = null
    if (refused.type === PacketType.EVENT) this.#inOrder(refused)
    return true
  }

  #isTaken(packet: string): boolean {
    if (this.shortcuts.size === 0 || sizeOf(packet) > MAX_PACKET_BYTES) return false
    for (const shortcut of this.shortcuts.values()) if (shortcut(packet)) return true
    return false
  }
}

type WhyNot = (namespace: string) => { message: string; data: object }

class CodedEncoder extends Encoder {
  whyNot: WhyNot | null = null

  override encode(packet: Packet): unknown[] {
    if (packet.type === PacketType.CONNECT_ERROR && this.whyNot && !packet.data?.data) {
      const { message, data } = this.whyNot(packet.nsp)
      return super.encode({ ...packet, data: { message, data } })
    }
    return this.#encodedReply(packet) ?? super.encode(packet)
  }

  // A large reply of which much is the same for many; it is JSON through and through.
  #encodedReply({ type, nsp, id, data }: Packet): unknown[] | null {
    const [reply] = type === PacketType.ACK ? (data as unknown[]) : []
    const text = typeof reply === 'object' && reply !== null ? jsonWithShared(reply) : null
    return text === null ? null : [`${type}${nsp === '/' ? '' : `${nsp},`}${id}[${text}]`]
  }
}

/** Sets what is said to those who ask for a namespace that does not exist. */
export function sayWhyNot(io: Server, whyNot: WhyNot): void {
  const encoder: unknown = io.encoder
  if (encoder instanceof CodedEncoder) encoder.whyNot = whyNot
}

// UTF-8 takes three bytes for each unit of a string at the most.
function sizeOf(packet: unknown): number {
  if (typeof packet === 'string') {
    // Engine.IO's own character was in front.
    return 1 + (packet.length * 3 < MAX_PACKET_BYTES ? packet.length : Buffer.byteLength(packet))
  }
  return (packet as { byteLength?: number }).byteLength ?? 0
}

/** Socket.IO's own parser, on which a connection may take some packets a shorter way. */
export const parser = { Encoder: CodedEncoder, Decoder: OrderedDecoder }

type Place = Pick<Socket, 'client' | 'nsp'>

function decoderOf({ client }: Pick<Socket, 'client'>): OrderedDecoder | null {
  const { decoder } = client as unknown as { decoder: Decoder }
  return decoder instanceof OrderedDecoder ? decoder : null
}

/** Sets or clears the shortcut of a socket's connection to its namespace. */
export function setShortcut(socket: Place, shortcut: Shortcut | null): void {
  if (shortcut) decoderOf(socket)?.shortcuts.set(socket.nsp.name, shortcut)
  else decoderOf(socket)?.shortcuts.delete(socket.nsp.name)
}

/** Says that a socket's connection is in its namespace, or no more. */
export function setInside(socket: Place, isInside: boolean): void {
  if (isInside) decoderOf(socket)?.inside.add(socket.nsp.name)
  else decoderOf(socket)?.inside.delete(socket.nsp.name)
}
