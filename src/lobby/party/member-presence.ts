import type { Clock } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { createExpiringMap } from '../../util/expiring-map.ts'
import type { ServiceTime } from '../../util/outage.ts'
import type { People } from '../ports.ts'
import type { PartyCommands } from './commands.ts'
import type { PartyCommit } from './commit.ts'
import type { PartyRegistry } from './registry.ts'

// A reload or a change of network takes seconds; a player who is away longer has left.
const GRACE_MS = 30_000
const RETRY_MS = 1_000

interface PresenceParts {
  registry: PartyRegistry
  tellMembers: PartyCommit['tellMembers']
  ask: PartyCommands['ask']
  people: Pick<People, 'isOnline'>
  clock: Clock
  time: ServiceTime
}

/** Keeps the place of a member who disconnects until the grace is over. */
export function createMemberPresence({ registry, tellMembers, ask, people, clock, time }: PresenceParts) {
  const graces = createExpiringMap<PlayerId, true>(time, (playerId) => void graceEnded(playerId))
  let isStopped = false

  /** The player's last connection is gone. */
  function departed(playerId: PlayerId): void {
    const party = registry.partyOf(playerId)
    if (!party || isStopped) return
    graces.set(playerId, true, clock.now() + GRACE_MS)
    tellMembers(party)
  }

  /** The player's first connection has come. */
  function arrived(playerId: PlayerId): void {
    graces.delete(playerId)
    const party = registry.partyOf(playerId)
    if (party) tellMembers(party)
  }

  async function graceEnded(playerId: PlayerId): Promise<void> {
    const isBack = () => isStopped || people.isOnline(playerId)
    const reply = await ask(playerId, 'away', () => (isBack() ? null : { type: 'leave', playerId }))
    if (!reply.ok && reply.error.retryable && !isBack()) graces.set(playerId, true, clock.now() + RETRY_MS)
  }

  return {
    departed,
    arrived,
    /** The player is in the party no more. */
    left: (playerId: PlayerId): void => void graces.delete(playerId),
    stop(): void {
      isStopped = true
      graces.stop()
    },
  }
}
