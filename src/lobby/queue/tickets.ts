import type { Mode } from '../../config/modes.ts'
import type { Proposal } from '../../matchmaker/api.ts'
import type { Cancel, EpochMs } from '../../ports.ts'
import type { PayloadOf } from '../../protocol/declare.ts'
import type { lobby } from '../../protocol/events/lobby.ts'
import type { MatchId, PlayerId, TicketId } from '../../protocol/ids.ts'
import type { Player, Rating } from '../ports.ts'

/** What the one who queued said about the match they want. */
export type Wishes = Omit<PayloadOf<(typeof lobby.requests)['queue:join']>, 'mode'>

/**
 * Where a ticket stands: `opening` until it is stored, `held` while somebody of it is away, `matching` from the decision
 * on until the seats are sure. `awayBy`: until when it waits for whom.
 */
type Standing =
  | { is: 'opening'; opened: Promise<boolean> }
  | { is: 'searching' }
  | { is: 'held'; awayBy: Map<PlayerId, EpochMs>; letGo: Cancel }
  | { is: 'matching'; match: Promise<MatchId | null>; matchId?: MatchId; proposal?: Proposal; proposedAt?: EpochMs }

/** A ticket in the queue, of a player or of a party. */
export interface Entry {
  readonly id: TicketId
  readonly mode: Mode
  /** Who queued comes first. */
  members: readonly Player[]
  readonly wishes: Wishes
  readonly queuedAt: EpochMs
  /** For how much of the time since then nobody could be matched, which is no waiting. */
  lostMs: number
  ratings: readonly Rating[]
  standing: Standing
  /** What was last said about the whole wait, in ms. */
  expectedWaitMs: number | null
  /** What was said at first, for the log. */
  predictedWaitMs: number | null
}

/** For how long it has waited. */
export const waitedMs = ({ queuedAt, lostMs }: Pick<Entry, 'queuedAt' | 'lostMs'>, now: EpochMs): number =>
  Math.max(0, now - queuedAt - lostMs)

/** The tickets there are: by their id and by each of their players, who are in one at most. */
export function createEntries() {
  const byPlayer = new Map<PlayerId, Entry>()
  const byTicket = new Map<TicketId, Entry>()
  return {
    add(entry: Entry): void {
      byTicket.set(entry.id, entry)
      for (const { id } of entry.members) byPlayer.set(id, entry)
    },
    /** Whether it was there. */
    delete(entry: Entry): boolean {
      for (const { id } of entry.members) if (byPlayer.get(id) === entry) byPlayer.delete(id)
      return byTicket.delete(entry.id)
    },
    /** These players, and not the others of the ticket, are in it no more. */
    release(players: readonly Player[]): void {
      for (const { id } of players) byPlayer.delete(id)
    },
    has: (entry: Entry): boolean => byTicket.get(entry.id) === entry,
    of: (playerId: PlayerId): Entry | undefined => byPlayer.get(playerId),
    get: (id: string): Entry | undefined => byTicket.get(id as TicketId),
    all: (): Entry[] => [...byTicket.values()],
    clear(): void {
      byPlayer.clear()
      byTicket.clear()
    },
    size: (): number => byTicket.size,
  }
}
export type Entries = ReturnType<typeof createEntries>
