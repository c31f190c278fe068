import type { Mode } from '../../config/modes.ts'
import type { Log } from '../../ports.ts'
import type { AnswerOf, PayloadOf } from '../../protocol/declare.ts'
import type { people } from '../../protocol/events/people.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { guestName } from '../../protocol/names.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { Place, RecordBook, WhoIs } from '../ports.ts'

type Requests = typeof people.requests
type Answer<E extends keyof Requests> = Promise<AnswerOf<Requests[E]> | Refusal>

interface ProfileParts {
  book: RecordBook
  whoIs: WhoIs
  isBlocked: (by: PlayerId, player: PlayerId) => boolean
  modes: ReadonlyMap<string, Mode>
  log: Log
}
interface Page {
  /** The rank of the last entry on the page before. */
  rank: number
  after?: Place
}
const PAGE = 50

/** Leaderboards, and the profiles of players. */
export function createProfiles({ book, whoIs, isBlocked, modes, log }: ProfileParts) {
  async function leaderboard({ mode, cursor }: PayloadOf<Requests['leaderboard:get']>): Answer<'leaderboard:get'> {
    if (!modes.has(mode)) return refuse('UNKNOWN_MODE')
    const from: Page | null = cursor === undefined ? { rank: 0 } : readCursor(cursor)
    if (!from) return refuse('BAD_REQUEST', { because: 'the cursor is none of ours' })
    const { rank, after } = from
    const found = await book.leaderboard(mode, { limit: PAGE + 1, ...(after && { after }) }).catch(unavailable)
    if ('ok' in found) return found
    const entries = found.slice(0, PAGE).map((standing, n) => ({ rank: rank + n + 1, ...standing }))
    const last = entries.at(-1)
    return accept({ entries, ...(last && found.length > PAGE && { cursor: writeCursor(last) }) })
  }

  async function player(asking: PlayerId, { playerId }: PayloadOf<Requests['player:get']>): Answer<'player:get'> {
    // A player whom they have blocked does not learn whether they are online.
    const online = isBlocked(playerId, asking) ? null : whoIs(playerId)
    const profile = await book.profile(playerId, online).catch(unavailable)
    if (profile && 'ok' in profile) return profile
    if (!profile) return refuse('NOT_FOUND')
    return accept({ ...profile, playerId, name: online?.name ?? profile.name ?? guestName(playerId) })
  }

  function unavailable(fault: unknown): Refusal {
    log.error({ err: fault }, 'records could not be read')
    return refuse('UNAVAILABLE')
  }

  return { leaderboard, player }
}

// Where the page before ended, so that no player is skipped or repeated when others move. Ranks are counted on.
const writeCursor = ({ points, rank, playerId }: Place & { rank: number }): string => `${points}.${rank}.${playerId}`

function readCursor(cursor: string): Page | null {
  const [, points, rank, playerId] = /^(-?\d{1,9})\.(\d{1,9})\.(.+)$/su.exec(cursor) ?? []
  if (!playerId) return null
  return { rank: Number(rank), after: { points: Number(points), playerId: playerId as PlayerId } }
}
