import * as z from 'zod'
import type { Log } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import * as s from '../../protocol/schemas.ts'
import type { RecordStore } from '../record-store.ts'
import { recordWriter } from '../store-writes.ts'
import type { Party } from './party.ts'
import type { PartyRegistry } from './registry.ts'

interface RestoreParts {
  registry: PartyRegistry
  records: RecordStore
  /** Called for each member: nobody is connected yet, and everyone has a full grace to come back. */
  departed: (playerId: PlayerId) => void
  log: Log
}
const stored = z.strictObject({
  id: s.partyId,
  code: z.string().min(1),
  leaderId: s.playerId,
  members: z.array(z.strictObject({ id: s.playerId, name: z.string(), rating: z.number().exactOptional() })).min(1),
})

/** Brings back the stored parties. */
export function createRestore({ registry, records, departed, log }: RestoreParts) {
  const writeRecords = recordWriter(records, log)

  async function restore(): Promise<void> {
    for (const { id, value } of await records.load('party')) {
      const party = partyFrom(value)
      const isSound = party?.id === id && !party.members.some((member) => registry.partyOf(member.id))
      if (isSound) bringBack(party)
      else {
        log.error({ party: id }, 'party could not be restored')
        await writeRecords([{ kind: 'party', id, value: null }])
      }
    }
  }

  function bringBack(party: Party): void {
    registry.set(undefined, party)
    for (const { id } of party.members) departed(id)
  }

  return restore
}

/** The party in a record, or null when the record is damaged. */
function partyFrom(value: unknown): Party | null {
  const party = stored.safeParse(value).data
  return party?.members.some(({ id }) => id === party.leaderId) ? party : null
}
