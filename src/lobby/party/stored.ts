import * as z from 'zod'
import * as s from '../../protocol/schemas.ts'
import type { Party } from './party.ts'

const form = z.strictObject({
  id: s.partyId,
  code: z.string().min(1),
  leaderId: s.playerId,
  members: z.array(z.strictObject({ id: s.playerId, name: z.string(), rating: z.number().exactOptional() })).min(1),
})

/** A party from its record, or null when that cannot be read. */
export function partyFrom(value: unknown): Party | null {
  const party = form.safeParse(value).data
  return party?.members.some(({ id }) => id === party.leaderId) ? party : null
}
