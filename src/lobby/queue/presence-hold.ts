import type { EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { ServiceTime } from '../../util/outage.ts'
import type { People } from '../ports.ts'
import type { Matchmaking } from './matching/matchmaking.ts'
import type { Entry } from './tickets.ts'

// A reload or a change of network takes seconds; whoever is away longer has walked off.
const AWAY_MS = 15_000

interface PresenceHoldParts {
  matchmaking: Matchmaking
  people: People
  /** Whether those of the ticket are still one party, or still alone. */
  isTogether: (entry: Entry) => boolean
  end: (entry: Entry, reason: 'cancelled' | 'expired') => void
  time: ServiceTime
}

/** Lets a ticket search while all of it are here, and keeps it for a while when somebody is not. */
export function createPresenceHold({ matchmaking, people, isTogether, end, time }: PresenceHoldParts) {
  /** Looks for a match, once everybody of the ticket is here; for those who have parted, it ends. */
  function search(entry: Entry, awayMs = AWAY_MS): void {
    if (!isTogether(entry)) return end(entry, 'cancelled')
    if (!isWhole(entry)) return hold(entry, awayMs)
    if (entry.standing.is === 'held') entry.standing.letGo()
    entry.standing = { is: 'searching' }
    matchmaking.add(entry)
  }

  const isWhole = ({ members }: Entry): boolean => members.every(({ id }) => people.isOnline(id))

  /** Keeps the ticket and its age for those who are away, each for so long at most. */
  function hold(entry: Entry, awayMs = AWAY_MS): void {
    const known = entry.standing.is === 'held' ? entry.standing.awayBy : new Map<PlayerId, EpochMs>()
    const absent = entry.members.filter(({ id }) => !people.isOnline(id))
    const awayBy = new Map(absent.map(({ id }) => [id, known.get(id) ?? time.now() + awayMs]))
    stopSearching(entry)
    const letGo = time.at(Math.min(...awayBy.values()), () => end(entry, 'expired'))
    entry.standing = { is: 'held', awayBy, letGo }
  }

  /** The service served nobody for so long. */
  function addBack(entry: Entry, outageMs: number): void {
    const { standing } = entry
    entry.lostMs += outageMs
    if (standing.is === 'matching' && standing.proposedAt !== undefined) standing.proposedAt += outageMs
    if (standing.is !== 'held') return
    for (const [id, until] of standing.awayBy) standing.awayBy.set(id, until + outageMs)
  }

  /** Somebody of it has come or gone. */
  function attend(entry: Entry): void {
    const { is } = entry.standing
    if (is === 'held' && isWhole(entry)) search(entry)
    else if (is === 'held' || (is === 'searching' && !isWhole(entry))) hold(entry)
  }

  function stopSearching(entry: Entry): void {
    if (entry.standing.is === 'held') entry.standing.letGo()
    if (entry.standing.is === 'searching') matchmaking.remove(entry)
  }

  return { search, hold, attend, addBack, stopSearching }
}
