import { crc32 } from 'node:zlib'

/** A CRC-32 over a stored text and its key, which detects a text that was changed or moved. Stored as `seal`. */
export const checksumOf = (key: readonly (string | number)[], text: string): number => crc32(text, crc32(key.join(' ')))

/** Parses a stored JSON text; null when its checksum does not match. Accepts anything that a damaged row may hold. */
export function readChecked(
  key: readonly (string | number)[],
  text: unknown,
  seal: unknown,
): { value: unknown } | null {
  if (typeof text !== 'string' || Number(seal) !== checksumOf(key, text)) return null
  try {
    return { value: JSON.parse(text) }
  } catch {
    return null
  }
}
