/** A position in the arena, from 0 to 1, as players send it 20 times a second. */
export interface Position {
  x: number
  y: number
}

/** Reads a message of another player, who may send anything; null when it is no position. */
export function readPosition(data: unknown): Position | null {
  if (typeof data !== 'object' || data === null) return null
  const { x, y } = data as Record<string, unknown>
  return isShare(x) && isShare(y) ? { x, y } : null
}

const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1
