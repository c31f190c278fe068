import type { Server, Socket } from 'socket.io'
import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser'
import { MAX_PACKET_BYTES } from '../../protocol/json.ts'
import { jsonWithShared } from '../../protocol/shared-json.ts'
import { headOf, Oversized } from './packet-head.ts'

/** Handles a packet as it came off the wire; false hands it to Socket.IO's parser. */
type Shortcut = (packet: string) => boolean
type Listener = (packet: Packet) => void

/** A larger packet closes the connection; between `MAX_PACKET_BYTES` and this a packet is refused. */
export const MAX_READABLE_BYTES = 65_536

class OrderedDecoder extends Decoder {
  /** By namespace: one connection may be in a match of several titles. */
  readonly shortcuts = new Map<string, Shortcut>()
  /** The namespaces that the connection is in. */
  readonly inside = new Set<string>()
  /** Packets that are decoded and not yet handled. */
  #inFlight = 0
  #receiver: Listener = () => {}
  /** A packet too large to parse, and how many of its attachments have yet to come. */
  #skipped: { packet: Packet; attachments: number } | null = null
  /** The size so far of the packet that is being assembled. */
  #bytes = 0

  override add(packet: unknown): void {
    // Socket.IO handles a packet one tick after it was decoded: until then nothing may overtake it.
    if (this.#inFlight === 0 && typeof packet === 'string' && this.#isTaken(packet)) return
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
   * Socket.IO delays a socket's packets by a tick, but not a CONNECT: it would overtake the DISCONNECT before it and
   * close the connection.
   */
  #inOrder(packet: Packet): void {
    const isConnect = packet.type === PacketType.CONNECT
    // A client that gave up on a CONNECT before its answer came sends another one without a DISCONNECT.
    if (isConnect && this.inside.has(packet.nsp)) this.#inOrder({ type: PacketType.DISCONNECT, nsp: packet.nsp })
    if (!isConnect || this.#inFlight === 0) this.#receiver(packet)
    else process.nextTick(() => this.#receiver(packet))
    this.#inFlight += 1
    process.nextTick(() => {
      this.#inFlight -= 1
    })
  }

  get #isIncomplete(): boolean {
    return (this as unknown as { reconstructor?: unknown }).reconstructor != null
  }

  /** Whether the packet, or the one it is attached to, is too large to parse: then it is refused by its head. */
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

type RefusalFor = (namespace: string) => { message: string; data: object }

class CodedEncoder extends Encoder {
  refusalFor: RefusalFor | null = null

  override encode(packet: Packet): unknown[] {
    if (packet.type === PacketType.CONNECT_ERROR && this.refusalFor && !packet.data?.data) {
      const { message, data } = this.refusalFor(packet.nsp)
      return super.encode({ ...packet, data: { message, data } })
    }
    return this.#encodedReply(packet) ?? super.encode(packet)
  }

  // Replies with shared parts, such as a lobby list, reuse encoded JSON. They hold no binary data.
  #encodedReply({ type, nsp, id, data }: Packet): unknown[] | null {
    const [reply] = type === PacketType.ACK ? (data as unknown[]) : []
    const text = typeof reply === 'object' && reply !== null ? jsonWithShared(reply) : null
    return text === null ? null : [`${type}${nsp === '/' ? '' : `${nsp},`}${id}[${text}]`]
  }
}

/** Sets the answer to a client that asks for a namespace that does not exist. */
export function setRefusals(io: Server, refusalFor: RefusalFor): void {
  const encoder: unknown = io.encoder
  if (encoder instanceof CodedEncoder) encoder.refusalFor = refusalFor
}

// UTF-8 takes at most three bytes for each UTF-16 unit of a string.
function sizeOf(packet: unknown): number {
  if (typeof packet === 'string') {
    // Engine.IO has removed its packet type, one character.
    return 1 + (packet.length * 3 < MAX_PACKET_BYTES ? packet.length : Buffer.byteLength(packet))
  }
  return (packet as { byteLength?: number }).byteLength ?? 0
}

/** Socket.IO's parser with size limits, packets in order, shortcuts and coded refusals. */
export const parser = { Encoder: CodedEncoder, Decoder: OrderedDecoder }

function decoderOf({ client }: Pick<Socket, 'client'>): OrderedDecoder | null {
  const { decoder } = client as unknown as { decoder: Decoder }
  return decoder instanceof OrderedDecoder ? decoder : null
}

/** Sets or clears the shortcut of a socket. */
export function setShortcut(socket: Pick<Socket, 'client' | 'nsp'>, shortcut: Shortcut | null): void {
  if (shortcut) decoderOf(socket)?.shortcuts.set(socket.nsp.name, shortcut)
  else decoderOf(socket)?.shortcuts.delete(socket.nsp.name)
}

/** Records whether a socket is in its namespace. */
export function setInside(socket: Pick<Socket, 'client' | 'nsp'>, isInside: boolean): void {
  if (isInside) decoderOf(socket)?.inside.add(socket.nsp.name)
  else decoderOf(socket)?.inside.delete(socket.nsp.name)
}
