import type { Clock, Log, NewId } from '../../ports.ts'
import type { PartyId, PlayerId } from '../../protocol/ids.ts'
import type { ServiceTime } from '../../util/outage.ts'
import { createGuessLimit } from '../guess-limit.ts'
import type { People } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { createPartyCommands } from './commands.ts'
import { createPartyCommit, type PartyCommitParts, type PartyView } from './commit.ts'
import { createMemberPresence } from './member-presence.ts'
import { createPartyRegistry } from './registry.ts'
import { createRestore } from './restore.ts'

export interface PartiesParts {
  records: RecordStore
  people: People
  changed: PartyCommitParts['changed']
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}
export type Parties = ReturnType<typeof createParties>

/** The parties of a title: players who queue together. */
export function createParties(parts: PartiesParts) {
  const registry = createPartyRegistry()
  const guessLimit = createGuessLimit(parts.clock)
  const departed = (playerId: PlayerId): void => presence.departed(playerId)
  const partyCommit = createPartyCommit({ ...parts, registry, memberLeft: (playerId) => presence.left(playerId) })
  const { ask, asked } = createPartyCommands({ ...parts, registry, partyCommit, guessLimit, departed })
  const presence = createMemberPresence({ ...parts, registry, tellMembers: partyCommit.tellMembers, ask })

  /** Leaves everything as it is stored, for the next start. */
  function stop(): void {
    presence.stop()
    guessLimit.stop()
  }

  function viewFor(playerId: PlayerId): PartyView | undefined {
    const party = registry.partyOf(playerId)
    return party && partyCommit.viewOf(party)
  }

  /** The player's party, or null. */
  function groupOf(playerId: PlayerId) {
    const party = registry.partyOf(playerId)
    return party ? { partyId: party.id, leaderId: party.leaderId, members: party.members } : null
  }

  return {
    ...asked,
    viewFor,
    groupOf,
    arrived: presence.arrived,
    departed,
    restore: createRestore({ ...parts, registry, departed }),
    stop,
    has: (partyId: PartyId): boolean => registry.get(partyId) !== undefined,
    size: registry.size,
  }
}
