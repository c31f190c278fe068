import type * as z from 'zod'
import type { Log } from '../../ports.ts'
import { PARTY_CAPACITY, type partyView } from '../../protocol/events/parties.ts'
import type { PartyId, PlayerId } from '../../protocol/ids.ts'
import type { People } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { recordWriter } from '../store-writes.ts'
import { isMember, type Party } from './party.ts'
import type { PartyRegistry } from './registry.ts'

export interface PartyCommitParts {
  registry: PartyRegistry
  records: RecordStore
  people: People
  /** Called after a player has joined or left a party, with its members and the one who left. */
  changed: (players: readonly PlayerId[], partyId: PartyId) => void
  /** Called with a player who is in the party no more. */
  memberLeft: (playerId: PlayerId) => void
  log: Log
}
export type PartyView = z.output<typeof partyView>
/** How a player came to leave. */
export type Why = 'left' | 'kicked' | 'away'
export type PartyCommit = ReturnType<typeof createPartyCommit>

/** Commits a change of a party, applies it, then tells its members. */
export function createPartyCommit({ registry, records, people, changed, memberLeft, log }: PartyCommitParts) {
  const writeRecords = recordWriter(records, log)

  /** False when the change could not be stored, and nothing happened. */
  async function commit(before: Party | undefined, after: Party, why: Why = 'left'): Promise<boolean> {
    const isOver = after.members.length === 0
    if (!(await writeRecords([{ kind: 'party', id: after.id, value: isOver ? null : after }]))) return false
    registry.set(before, after)
    tellMembers(after)
    const left = before?.members.find(({ id }) => !isMember(after, id))
    if (left) {
      memberLeft(left.id)
      people.tell(left.id, 'party:state', { party: null, reason: why })
      people.missed?.(left.id, { what: 'party', id: after.id, reason: why })
    }
    if (before?.members.length !== after.members.length)
      changed([...after.members.map(({ id }) => id), ...(left ? [left.id] : [])], after.id)
    return true
  }

  function tellMembers(party: Party): void {
    const view = viewOf(party)
    for (const { id } of party.members) people.tell(id, 'party:state', { party: view })
  }

  /** What members see of a party. */
  const viewOf = ({ id, code, leaderId, members }: Party): PartyView => ({
    id,
    code,
    leaderId,
    capacity: PARTY_CAPACITY,
    members: members.map((member) => ({
      playerId: member.id,
      name: member.name,
      status: people.isOnline(member.id) ? 'present' : 'away',
    })),
  })

  return { commit, tellMembers, viewOf }
}
