import type { Socket } from 'socket.io'
import { Decoder, Encoder } from 'socket.io-parser'

/** Takes a packet as it came off the wire; false when it is not the one it takes, or must take the ordinary way. */
type Shortcut = (packet: string) => boolean

class ShortcutDecoder extends Decoder {
  shortcut: Shortcut | null = null
  #onTheWay = 0

  override add(packet: unknown): void {
    // Socket.IO handles a packet one tick after it was decoded: until then nothing may overtake it.
    const isFirst = this.#onTheWay === 0
    if (isFirst && this.shortcut !== null && typeof packet === 'string' && this.shortcut(packet)) return
    super.add(packet)
    this.#onTheWay += 1
    process.nextTick(() => {
      this.#onTheWay -= 1
    })
  }
}

/** Socket.IO's own parser, on which one connection may take one kind of packet a shorter way. */
export const parser = { Encoder, Decoder: ShortcutDecoder }

/** Sets or clears the shortcut of a connection. */
export function setShortcut(socket: Pick<Socket, 'client'>, shortcut: Shortcut | null): void {
  const { decoder } = socket.client as unknown as { decoder: Decoder }
  if (decoder instanceof ShortcutDecoder) decoder.shortcut = shortcut
}
