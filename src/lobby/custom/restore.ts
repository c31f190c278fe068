import * as z from 'zod'
import type { KeptRecord } from '../record-store.ts'
import { FORM, type LobbyCommit } from './commit.ts'
import type { LobbyMatches } from './matches.ts'
import type { LobbiesParts } from './ports.ts'
import type { LobbyRegistry } from './registry.ts'
import type { CustomLobby } from './state/custom-lobby.ts'
import { restored } from './state/membership.ts'

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

interface RestoreParts extends Pick<LobbiesParts, 'modes' | 'records' | 'seats' | 'people' | 'clock' | 'log'> {
  registry: LobbyRegistry
  lobbyCommit: LobbyCommit
  lobbyMatches: LobbyMatches
}

/** Brings back the stored lobbies. Call it once the matches are back, and before anyone is let in. */
export function createRestore(parts: RestoreParts) {
  const { modes, records, seats, people, clock, log, registry, lobbyCommit, lobbyMatches } = parts

  async function restore(): Promise<void> {
    const matches = seats.ofLobbies()
    for (const record of await records.load('lobby')) {
      const lobby = lobbyFrom(record)
      // It waits for its mode, as its match does.
      if (lobby && !modes.has(lobby.mode)) log.warn({ lobby: record.id, mode: lobby.mode }, 'lobby set aside')
      else if (lobby && isSound(lobby)) lobbyCommit.adopt(lobbyMatches.resume(restored(lobby, clock.now()), matches))
      else await discard(record, lobby)
    }
  }

  /** Whether the mode still has the same seats, and no member is in another lobby. */
  function isSound({ mode, teams, capacity, members }: CustomLobby): boolean {
    const now = modes.get(mode)
    if (!now || capacity > now.maxSeats || (teams?.count ?? null) !== now.teamCount) return false
    if (teams && teams.count * teams.size !== now.maxSeats) return false
    return !members.some(({ playerId }) => registry.ofPlayer(playerId))
  }

  async function discard({ id }: KeptRecord, lobby: CustomLobby | null): Promise<void> {
    log.error({ lobby: id }, 'lobby could not be restored')
    for (const { playerId } of lobby?.members ?? []) people.missed?.(playerId, { what: 'lobby', id, reason: 'closed' })
    await records.write([{ kind: 'lobby', id, value: null }])
  }

  return restore
}

/** The lobby in a record, or null when the record is damaged. */
function lobbyFrom({ id, value }: KeptRecord): CustomLobby | null {
  const parsed = kept.safeParse(value)
  if (!parsed.success || parsed.data.id !== id) return null
  const { form: _, ...lobby } = parsed.data
  return lobby as unknown as CustomLobby
}
