import { crc32 } from 'node:zlib'

/** A checksum over a stored text and what it is stored under, so that neither can change or move unnoticed. */
export const sealOf = (key: readonly (string | number)[], text: string): number => crc32(text, crc32(key.join(' ')))

/** The value of a sealed JSON text, or null when the seal is broken. Takes what a damaged row may hold. */
export function openSealed(key: readonly (string | number)[], text: unknown, seal: unknown): { value: unknown } | null {
  if (typeof text !== 'string' || Number(seal) !== sealOf(key, text)) return null
  try {
    return { value: JSON.parse(text) }
  } catch {
    return null
  }
}
