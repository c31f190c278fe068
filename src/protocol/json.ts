import { type Refusal, refuse } from './reply.ts'

/** The deepest nesting of arrays and objects in a payload. */
export const MAX_DEPTH = 8
/** The most values in a payload, without keys. */
export const MAX_NODES = 5_000
/** The largest packet that is read. */
export const MAX_PACKET_BYTES = 16_384

const noBytes = () =>
  refuse('BAD_REQUEST', { because: 'bytes go by match:send alone, in a mode that sets relay.binary: true' })

/**
 * The refusal of a received value, or null: nested too deeply, too many values, a number that JSON cannot express, a key
 * that reaches a prototype, or bytes where only JSON is allowed.
 * Runs before any other code sees the value, and stops at the first fault.
 */
export function faultOf(value: unknown, { binary = false } = {}): Refusal | null {
  let nodes = 0
  const inspect = (node: unknown, depth: number): Refusal | null => {
    if (++nodes > MAX_NODES) return refuse('TOO_LARGE', { because: `more than ${MAX_NODES} values` })
    if (typeof node === 'number') return Number.isFinite(node) ? null : refuse('BAD_REQUEST')
    if (typeof node !== 'object' || node === null) return null
    if (ArrayBuffer.isView(node) || node instanceof ArrayBuffer) return binary ? null : noBytes()
    if (depth >= MAX_DEPTH) return refuse('TOO_DEEP')
    if (Array.isArray(node)) return firstFault(node, depth)
    return reachesPrototype(node) ? refuse('BAD_REQUEST') : firstFault(Object.values(node), depth)
  }
  const firstFault = (children: unknown[], depth: number): Refusal | null => {
    for (const child of children) {
      const fault = inspect(child, depth + 1)
      if (fault) return fault
    }
    return null
  }
  return inspect(value, 0)
}

function reachesPrototype(node: object): boolean {
  if (Object.hasOwn(node, '__proto__')) return true
  if (!Object.hasOwn(node, 'constructor')) return false
  const { constructor: value } = node as { constructor: unknown }
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
}

/** JSON with sorted keys: equal values give equal texts. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sortedKeys)

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
