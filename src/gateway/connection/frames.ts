const LONGEST_HEAD = 10
const MASK_BYTES = 4

/** Counts the frames of WebSocket (RFC 6455, section 5.2) in what a client sends, as they begin, without reading them. */
export class FrameCount {
  /** What is known of the head of the next frame. */
  readonly #head = Buffer.alloc(LONGEST_HEAD)
  #known = 0
  /** What is still to come of the last frame. */
  #rest = 0

  /** How many frames begin in these bytes, which follow the ones before. */
  count(bytes: Buffer): number {
    let begun = 0
    for (let at = 0; at < bytes.length; ) {
      const skipped = Math.min(this.#rest, bytes.length - at)
      this.#rest -= skipped
      at += skipped
      if (at === bytes.length) break
      if (this.#known === 0) begun += 1
      this.#note(bytes[at] as number)
      at += 1
    }
    return begun
  }

  #note(byte: number): void {
    this.#head[this.#known++] = byte
    if (this.#known < 2) return
    const [, second = 0] = this.#head
    const short = second & 0x7f
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0
    if (this.#known < 2 + lengthBytes) return
    const length = lengthBytes === 0 ? short : this.#longLength(lengthBytes)
    this.#rest = length + (second & 0x80 ? MASK_BYTES : 0)
    this.#known = 0
  }

  #longLength(bytes: 2 | 8): number {
    return bytes === 2 ? this.#head.readUInt16BE(2) : Number(this.#head.readBigUInt64BE(2))
  }
}
