import type { PlayerId } from '../../protocol/ids.ts'
import { createCounts } from '../../util/counts.ts'

export type Presence = ReturnType<typeof createPresence>

/** Counts each player's connections: several tabs and devices are one player. */
export function createPresence() {
  const connections = createCounts<PlayerId>()
  return {
    /** Whether this is the player's first connection. */
    arrived: (player: PlayerId): boolean => connections.add(player) === 1,
    /** Whether that was the player's last connection. */
    departed: (player: PlayerId): boolean => connections.remove(player) === 0,
    isOnline: connections.has,
    size: connections.size,
  }
}
