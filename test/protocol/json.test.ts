import fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultOf, MAX_DEPTH, MAX_NODES } from '../../src/protocol/json.ts'

const codeOf = (...given: Parameters<typeof faultOf>) => faultOf(...given)?.error.code ?? null

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown =>
  depth === 0 ? 1 : wrap(nested(depth - 1, wrap))

test.each([
  ['arrays', (inner: unknown) => [inner]],
  ['objects', (inner: unknown) => ({ inner })],
])('[DR3] %s nest up to the limit and no deeper', (_, wrap) => {
  expect(codeOf(nested(MAX_DEPTH, wrap))).toBeNull()
  expect(codeOf(nested(MAX_DEPTH + 1, wrap))).toBe('TOO_DEEP')
  expect(codeOf(nested(5_000, wrap))).toBe('TOO_DEEP')
})

test('[DR3] values are counted at every depth', () => {
  expect(codeOf(Array.from({ length: MAX_NODES - 1 }, () => 0))).toBeNull()
  expect(codeOf(Array.from({ length: MAX_NODES }, () => 0))).toBe('TOO_LARGE')
  const wide = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 0))
  expect(codeOf(wide)).toBe('TOO_LARGE')
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('[DR3] %d is not JSON', (number) => {
  expect(codeOf({ deep: [number] })).toBe('BAD_REQUEST')
})

test.each(['{"__proto__":{}}', '{"__proto__":1}', '{"a":[{"__proto__":{}}]}', '{"constructor":{"prototype":{}}}'])(
  '[DR3] %s reaches a prototype',
  (text) => expect(codeOf(JSON.parse(text))).toBe('BAD_REQUEST'),
)

test('[DR3] a field called constructor without a prototype is accepted', () => {
  expect(codeOf({ constructor: 'Bob the builder', prototype: {} })).toBeNull()
  expect(codeOf({ constructor: null })).toBeNull()
})

test('[DR3] bytes are refused unless they are allowed', () => {
  for (const bytes of [Buffer.from('x'), new Uint8Array(1), new ArrayBuffer(1)]) {
    expect(codeOf({ bytes })).toBe('BAD_REQUEST')
    expect(codeOf({ bytes }, { binary: true })).toBeNull()
  }
})

test('ordinary JSON has no fault', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const text = JSON.stringify(value)
      fc.pre(!text.includes('__proto__'))
      expect(codeOf(JSON.parse(text))).toBeNull()
    }),
  )
})
