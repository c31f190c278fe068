import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameCount } from '../../src/gateway/connection/frames.ts'

/** A client's frame: header, mask, and payload bytes that look like headers themselves. */
function frameOf(length: number, first: number): Buffer {
  const head = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : [127, 0, 0, 0, 0]
  const rest = length < 65_536 ? [] : [length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255]
  const [short = 0, ...long] = head
  return Buffer.concat([Buffer.from([first, 0x80 | short, ...long, ...rest]), Buffer.alloc(4 + length, 0x81)])
}
const frame = fc.record({
  length: fc.constantFrom(0, 1, 5, 125, 126, 127, 300, 65_535, 65_536),
  first: fc.constantFrom(0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8a),
})

test('[DR25] every frame of any kind and size is counted once, however it is split into chunks', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(200_000)), (frames, cuts) => {
      const bytes = Buffer.concat(frames.map(({ length, first }) => frameOf(length, first)))
      const framing = new FrameCount()
      let begun = 0
      let from = 0
      for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
        if (to > bytes.length) continue
        begun += framing.count(bytes.subarray(from, to))
        from = to
      }
      expect(begun).toBe(frames.length)
    }),
  )
})

test('[DR25] a frame is counted once, when it begins', () => {
  const framing = new FrameCount()
  const [first = 0, ...rest] = frameOf(1, 0x81)
  expect(framing.count(Buffer.from([first]))).toBe(1)
  for (const byte of rest) expect(framing.count(Buffer.from([byte]))).toBe(0)
  expect(framing.count(Buffer.concat(Array.from({ length: 40 }, () => frameOf(0, 0x00))))).toBe(40)
})
