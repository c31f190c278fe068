import type { Socket } from 'socket.io'
import { Decoder, Encoder } from 'socket.io-parser'

/** Takes a packet as it came off the wire; false when it is not the one it takes, or must take the ordinary way. */
type Shortcut = (packet: string) => boolean

class ShortcutDecoder extends Decoder {
  /** By namespace: one connection may be in a match of several titles. */
  readonly shortcuts = new Map<string, Shortcut>()
  #onTheWay = 0

  override add(packet: unknown): void {
    // Socket.IO handles a packet one tick after it was decoded: until then nothing may overtake it.
    const isFirst = this.#onTheWay === 0
    if (isFirst && typeof packet === 'string' && this.#isTaken(packet)) return
    super.add(packet)
    this.#onTheWay += 1
    process.nextTick(() => {
      this.#onTheWay -= 1
    })
  }

  #isTaken(packet: string): boolean {
    for (const shortcut of this.shortcuts.values()) if (shortcut(packet)) return true
    return false
  }
}

/** Socket.IO's own parser, on which a connection may take some packets a shorter way. */
export const parser = { Encoder, Decoder: ShortcutDecoder }

/** Sets or clears the shortcut of a socket's connection to its namespace. */
export function setShortcut({ client, nsp }: Pick<Socket, 'client' | 'nsp'>, shortcut: Shortcut | null): void {
  const { decoder } = client as unknown as { decoder: Decoder }
  if (!(decoder instanceof ShortcutDecoder)) return
  if (shortcut) decoder.shortcuts.set(nsp.name, shortcut)
  else decoder.shortcuts.delete(nsp.name)
}
