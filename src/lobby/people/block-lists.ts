import type { PlayerId } from '../../protocol/ids.ts'
import { createCounts } from '../../util/counts.ts'

const NOBODY: ReadonlySet<PlayerId> = new Set()

/** Which players each player has blocked, and by how many each is blocked. */
export function createBlockLists() {
  const lists = new Map<PlayerId, ReadonlySet<PlayerId>>()
  const blockers = createCounts<PlayerId>()
  let size = 0

  return {
    of: (playerId: PlayerId): ReadonlySet<PlayerId> => lists.get(playerId) ?? NOBODY,
    /** Whether the player has blocked anybody. */
    has: (playerId: PlayerId): boolean => lists.has(playerId),
    isBlockedAtAll: blockers.has,
    /** The players who have blocked somebody. */
    owners: (): Iterable<PlayerId> => lists.keys(),
    set(playerId: PlayerId, list: ReadonlySet<PlayerId>): void {
      const before = lists.get(playerId) ?? NOBODY
      size += list.size - before.size
      for (const other of before) if (!list.has(other)) blockers.remove(other)
      for (const other of list) if (!before.has(other)) blockers.add(other)
      if (list.size > 0) lists.set(playerId, list)
      else lists.delete(playerId)
    },
    /** The length of all lists together. */
    size: (): number => size,
  }
}
