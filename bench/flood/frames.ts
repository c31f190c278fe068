/** What RFC 6455 (section 5.2) calls opcodes. */
const opcodes = { continuation: 0, text: 1, binary: 2, ping: 9, pong: 10 } as const

export interface Frame {
  payload: string
  opcode?: keyof typeof opcodes
  /** Whether it is the last frame of its message; true by default. */
  isFinal?: boolean
}

/** A masked frame of a client; the mask is 0, which leaves the payload as it is. */
export function bytesOf({ payload, opcode = 'text', isFinal = true }: Frame): Buffer {
  const body = Buffer.from(payload)
  const length = body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | opcodes[opcode], ...length, 0, 0, 0, 0]), body])
}
