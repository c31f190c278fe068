import type { PlayerId } from '../../protocol/ids.ts'

export type Presence = ReturnType<typeof createPresence>

/** Counts each player's connections: several tabs and devices are one person. */
export function createPresence() {
  const connections = new Map<PlayerId, number>()
  return {
    /** Whether this is the player's first connection. */
    arrived(player: PlayerId): boolean {
      const count = (connections.get(player) ?? 0) + 1
      connections.set(player, count)
      return count === 1
    },
    /** Whether that was the player's last connection. */
    departed(player: PlayerId): boolean {
      const count = (connections.get(player) ?? 0) - 1
      if (count > 0) connections.set(player, count)
      else connections.delete(player)
      return count === 0
    },
    isOnline: (player: PlayerId): boolean => connections.has(player),
    size: (): number => connections.size,
  }
}
