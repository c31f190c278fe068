import type { PartyId, PlayerId } from '../../protocol/ids.ts'
import { isMember, type Party } from './party.ts'

export type PartyRegistry = ReturnType<typeof createPartyRegistry>

/** The parties by id, code and member. A player is in one at most. */
export function createPartyRegistry() {
  const parties = new Map<PartyId, Party>()
  const byCode = new Map<string, PartyId>()
  const placeOf = new Map<PlayerId, PartyId>()

  return {
    get: (partyId: PartyId) => parties.get(partyId),
    withCode: (code: string) => byCode.get(code),
    /** Takes the player's one place, before the party with them in it is stored; false when it is taken. */
    reserve(playerId: PlayerId, partyId: PartyId): boolean {
      if (placeOf.has(playerId)) return false
      placeOf.set(playerId, partyId)
      return true
    },
    release: (playerId: PlayerId) => void placeOf.delete(playerId),
    /** The party in which the player is, or undefined; a reserved place does not count. */
    partyOf(playerId: PlayerId): Party | undefined {
      const partyId = placeOf.get(playerId)
      const party = partyId && parties.get(partyId)
      return party && isMember(party, playerId) ? party : undefined
    },
    /** In place of the party as it was; one without members is gone. */
    set(before: Party | undefined, after: Party): void {
      if (before) byCode.delete(before.code)
      for (const { id } of before?.members ?? []) if (!isMember(after, id)) placeOf.delete(id)
      if (after.members.length === 0) return void parties.delete(after.id)
      parties.set(after.id, after)
      byCode.set(after.code, after.id)
      for (const { id } of after.members) placeOf.set(id, after.id)
    },
    size: () => parties.size,
  }
}
