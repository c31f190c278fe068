import * as z from 'zod'
import type { KeptRecord } from '../record-store.ts'
import { FORM } from './commit.ts'
import type { CustomLobby } from './state/custom-lobby.ts'

const member = z.strictObject({
  playerId: z.string(),
  name: z.string(),
  team: z.int().nullable(),
  isReady: z.boolean(),
  joinedAt: z.number(),
  awayUntil: z.number().nullable(),
})
const kept = z.strictObject({
  form: z.literal(FORM),
  id: z.string(),
  code: z.string(),
  mode: z.string(),
  name: z.string(),
  visibility: z.enum(['public', 'private']),
  seal: z.string().nullable(),
  capacity: z.int().positive(),
  teams: z.strictObject({ count: z.int(), size: z.int() }).nullable(),
  settings: z.record(z.string(), z.unknown()),
  isLocked: z.boolean(),
  host: z.string(),
  createdAt: z.number(),
  activeAt: z.number(),
  members: z.array(member).min(1),
  kicked: z.array(z.string()),
  matchId: z.string().nullable(),
})

/** A lobby as it was stored, or null when this is none. */
export function lobbyFrom({ id, value }: KeptRecord): CustomLobby | null {
  const parsed = kept.safeParse(value)
  if (!parsed.success || parsed.data.id !== id) return null
  const { form: _, ...lobby } = parsed.data
  return lobby as unknown as CustomLobby
}
