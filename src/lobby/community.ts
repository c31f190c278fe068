import type { Clock, Log, NewId } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { createInvitations } from './parties/invitations.ts'
import { createParties, type PartiesParts } from './parties/parties.ts'
import { createPersons } from './people/persons.ts'
import type { People, Player } from './ports.ts'
import type { RecordStore } from './record-store.ts'

export interface CommunityParts {
  records: RecordStore
  people: People
  /** Called after somebody has come to a party or left it, with those who are in it or were. */
  partyChanged: PartiesParts['changed']
  clock: Clock
  newId: NewId
  log: Log
}
export type Community = ReturnType<typeof createCommunity>

/** What players are to each other: parties, and whom they do not want to hear. */
export function createCommunity({ records, people, partyChanged, clock, newId, log }: CommunityParts) {
  const persons = createPersons({ records, isOnline: people.isOnline, log })
  const { blocks } = persons
  const parties = createParties({ records, people, changed: partyChanged, clock, newId, log })
  const invitations = createInvitations({ parties, people, blocks, clock })

  return {
    parties,
    invitations,
    persons,
    blocks,
    /** What is still the player's, for their `session`. */
    resumed(playerId: PlayerId) {
      const party = parties.viewFor(playerId)
      return { ...(party && { party }) }
    },
    /** To be said of a player's first connection, after the `session`. */
    arrived({ id }: Player): void {
      persons.arrived(id)
      parties.arrived(id)
    },
    /** To be said when a player's last connection is gone. */
    departed(playerId: PlayerId): void {
      persons.departed(playerId)
      parties.departed(playerId)
    },
    /** Brings back what is on record; to be done before anyone is let in. */
    async restore(): Promise<void> {
      await persons.restore()
      await parties.restore()
    },
    /** Leaves everything as it is stored, for the next start; what happens from now on does not count. */
    stop(): void {
      parties.stop()
      invitations.stop()
    },
    /** What is there as long as somebody is. */
    census: () => ({ parties: parties.size() }),
  }
}
