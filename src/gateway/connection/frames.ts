const MAX_HEADER_BYTES = 10
const MASK_BYTES = 4

/** Counts WebSocket frames (RFC 6455, section 5.2) in a client's bytes by their headers alone. */
export class FrameCount {
  readonly #header = Buffer.alloc(MAX_HEADER_BYTES)
  /** How many bytes of the header have arrived. */
  #headerBytes = 0
  /** How many bytes of the current frame have yet to arrive. */
  #rest = 0

  /** How many frames begin in the next bytes of the stream. */
  count(bytes: Buffer): number {
    let begun = 0
    for (let at = 0; at < bytes.length; ) {
      const skipped = Math.min(this.#rest, bytes.length - at)
      this.#rest -= skipped
      at += skipped
      if (at === bytes.length) break
      if (this.#headerBytes === 0) begun += 1
      this.#addToHeader(bytes[at] as number)
      at += 1
    }
    return begun
  }

  #addToHeader(byte: number): void {
    this.#header[this.#headerBytes++] = byte
    if (this.#headerBytes < 2) return
    const [, second = 0] = this.#header
    const short = second & 0x7f
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0
    if (this.#headerBytes < 2 + lengthBytes) return
    const length = lengthBytes === 0 ? short : this.#longLength(lengthBytes)
    this.#rest = length + (second & 0x80 ? MASK_BYTES : 0)
    this.#headerBytes = 0
  }

  #longLength(bytes: 2 | 8): number {
    return bytes === 2 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2))
  }
}
