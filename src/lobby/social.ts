import type { Clock, Log, NewId } from '../ports.ts'
import type { PresenceStatus } from '../protocol/events/presence.ts'
import type { PartyId, PlayerId } from '../protocol/ids.ts'
import type { ServiceTime } from '../util/outage.ts'
import type { Companies } from './chat/channels.ts'
import { createChat } from './chat/chat.ts'
import { createInvitations } from './party/invitations.ts'
import { createParties, type PartiesParts } from './party/parties.ts'
import { createPersons } from './people/persons.ts'
import { createWatching } from './people/watching.ts'
import type { Deliver, People, Player } from './ports.ts'
import type { RecordStore } from './record-store.ts'

export interface SocialParts {
  records: RecordStore
  people: People
  deliver: Deliver
  isQueued: (playerId: PlayerId) => boolean
  /** Whether the player has a seat in a running match, and was told so. */
  isInMatch: (playerId: PlayerId) => boolean
  /** The lobby and match that a player is in, for their chat. */
  companies: Pick<Companies, 'lobby' | 'match'>
  /** Called after a player has joined or left a party, with its members and the one who left. */
  partyChanged: PartiesParts['changed']
  /** Called after a player has blocked or unblocked another. */
  blocksChanged: (playerId: PlayerId, other: PlayerId) => void
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}
export type Social = ReturnType<typeof createSocial>

/** What players are to each other: parties, presence, chat and blocks. */
export function createSocial(parts: SocialParts) {
  const { records, people, deliver, isQueued, isInMatch, companies, clock, time, newId, log } = parts
  const persons = createPersons({
    records,
    isOnline: people.isOnline,
    blocksChanged,
    clock,
    log,
  })
  const { blocks } = persons
  const parties = createParties({ records, people, changed: partyChanged, clock, time, newId, log })
  const party = (playerId: PlayerId) => {
    const group = parties.groupOf(playerId)
    return group && { id: group.partyId, players: group.members.map(({ id }) => id) }
  }
  const { isKnown, isRegular } = persons
  const spoke = (playerId: PlayerId) => persons.did(playerId, 'known')
  const chat = createChat({
    records,
    people,
    deliver,
    blocks,
    companies: { ...companies, party },
    isKnown,
    isRegular,
    spoke,
    clock,
    newId,
    log,
  })
  const invitations = createInvitations({ parties, people, blocks, clock })
  const watching = createWatching({ statusOf, isHidden: blocks.isBlocked, deliver, clock })

  /** A player has blocked or unblocked another, to whom they seem offline, or online again. */
  function blocksChanged(playerId: PlayerId, other: PlayerId): void {
    watching.changed(playerId)
    parts.blocksChanged(playerId, other)
  }

  function partyChanged(players: readonly PlayerId[], partyId: PartyId): void {
    if (!parties.has(partyId)) chat.ended('party', partyId)
    for (const playerId of players) persons.did(playerId, 'known')
    parts.partyChanged(players, partyId)
  }

  function statusOf(playerId: PlayerId): PresenceStatus {
    if (!people.isOnline(playerId)) return 'offline'
    if (isInMatch(playerId)) return 'inMatch'
    return isQueued(playerId) ? 'queued' : 'online'
  }

  return {
    parties,
    invitations,
    persons,
    blocks,
    watching,
    chat,
    /** The player's party, for their `session`. */
    resumed(playerId: PlayerId) {
      const party = parties.viewFor(playerId)
      return { ...(party && { party }) }
    },
    /** Call on a player's first connection, after the `session`. */
    arrived({ id }: Player, isGuest: boolean): void {
      persons.arrived(id)
      if (!isGuest) persons.did(id, 'regular')
      parties.arrived(id)
      watching.changed(id)
      chat.arrived(id)
    },
    /** Call when a player's last connection is gone. */
    departed(playerId: PlayerId): void {
      persons.departed(playerId)
      parties.departed(playerId)
      watching.changed(playerId)
    },
    /** These players have played a match. */
    played(players: readonly PlayerId[]): void {
      for (const playerId of players) persons.did(playerId, 'regular')
    },
    /** Brings back what is stored. Call it before anyone is let in. */
    async restore(): Promise<void> {
      await persons.restore()
      await parties.restore()
      await chat.restore((partyId) => parties.has(partyId as PartyId))
    },
    /** Leaves everything as it is stored, for the next start. Later changes are ignored. */
    stop(): void {
      parties.stop()
      watching.stop()
    },
    /** How many entries there are. */
    census: () => ({ parties: parties.size(), watching: watching.size(), chats: chat.size() }),
  }
}
