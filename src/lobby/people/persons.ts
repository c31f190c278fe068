import type { Log } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import { keepIn } from '../keeping.ts'
import type { BlockLists } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { createTurns } from '../turns.ts'
import { blockedFrom } from './stored.ts'

// A player can be written to, or blocked, for as long as somebody may still remember them.
const MAX_GONE = 10_000
const MAX_BLOCKED = 500
// All lists together: some 50 MB.
const MAX_BLOCKED_IN_ALL = 500_000

interface PersonsParts {
  records: RecordStore
  isOnline: (playerId: PlayerId) => boolean
  /** Told when a player blocks others than before. */
  blocksChanged: (playerId: PlayerId, other: PlayerId) => void
  log: Log
}

const NOBODY: ReadonlySet<PlayerId> = new Set()

/** Who has been here, and whom each of them does not want to hear. */
export function createPersons({ records, isOnline, blocksChanged, log }: PersonsParts) {
  // Those who were here last and are not now, the one who has been gone for longest first.
  const gone = new Set<PlayerId>()
  const lists = new Map<PlayerId, ReadonlySet<PlayerId>>()
  /** By how many each is blocked. */
  const blockers = new Map<PlayerId, number>()
  const keep = keepIn(records, log)
  const { inTurn, isFull } = createTurns<PlayerId>()
  let blockedInAll = 0

  const isKnown = (playerId: PlayerId): boolean => isOnline(playerId) || gone.has(playerId) || lists.has(playerId)

  const store = (playerId: PlayerId, blocked: Iterable<PlayerId>): Promise<boolean> =>
    keep([{ kind: 'person', id: playerId, value: { blocked: [...blocked] } }])

  function arrived(playerId: PlayerId): void {
    if (gone.delete(playerId) || lists.has(playerId)) return
    void inTurn(playerId, () => store(playerId, lists.get(playerId) ?? []))
  }

  function departed(playerId: PlayerId): void {
    gone.add(playerId)
    const [oldest] = gone
    if (gone.size > MAX_GONE && oldest) forget(oldest)
  }

  function forget(playerId: PlayerId): void {
    gone.delete(playerId)
    void inTurn(playerId, async () => isKnown(playerId) || keep([{ kind: 'person', id: playerId, value: null }]))
  }

  /** Whether `playerId` hears of `other`; the blocked one is not told. */
  async function block(playerId: PlayerId, other: PlayerId, blocked: boolean): Promise<Accepted | Refusal> {
    if (isFull(playerId)) return refuse('OVERLOADED')
    return inTurn(playerId, async () => {
      const list = lists.get(playerId) ?? new Set()
      if (playerId === other) return refuse('BAD_REQUEST', { because: 'that is yourself' })
      if (blocked === list.has(other)) return accept({})
      const refusal = blocked ? refusalToBlock(list, other) : null
      if (refusal) return refusal
      const next = new Set(list)
      if (blocked) next.add(other)
      else next.delete(other)
      if (!(await store(playerId, next))) return refuse('UNAVAILABLE')
      setList(playerId, next)
      blocksChanged(playerId, other)
      return accept({})
    })
  }

  function refusalToBlock(list: ReadonlySet<PlayerId>, other: PlayerId): Refusal | null {
    if (!isKnown(other)) return refuse('NOT_FOUND')
    if (list.size >= MAX_BLOCKED) return refuse('FORBIDDEN', { because: `${MAX_BLOCKED} blocked players are the most` })
    return hasRoom() ? null : refuse('OVERLOADED')
  }

  // Else a crowd of guests who block each other would be the last to block anybody.
  function hasRoom(): boolean {
    if (blockedInAll < MAX_BLOCKED_IN_ALL) return true
    const longGone = longestGone()
    if (longGone === undefined) return false
    setList(longGone, new Set())
    void inTurn(longGone, () => store(longGone, lists.get(longGone) ?? []))
    return true
  }

  /** Of those who block somebody; undefined when all of them are here. */
  function longestGone(): PlayerId | undefined {
    for (const playerId of lists.keys()) if (!gone.has(playerId) && !isOnline(playerId)) return playerId
    for (const playerId of gone) if (lists.has(playerId)) return playerId
    return undefined
  }

  function setList(playerId: PlayerId, list: ReadonlySet<PlayerId>): void {
    const before = lists.get(playerId) ?? NOBODY
    blockedInAll += list.size - before.size
    for (const other of before) if (!list.has(other)) count(other, -1)
    for (const other of list) if (!before.has(other)) count(other, 1)
    if (list.size > 0) lists.set(playerId, list)
    else lists.delete(playerId)
    if (list.size === 0 && !isOnline(playerId)) departed(playerId)
  }

  function count(other: PlayerId, change: number): void {
    const by = (blockers.get(other) ?? 0) + change
    if (by > 0) blockers.set(other, by)
    else blockers.delete(other)
  }

  async function restore(): Promise<void> {
    for (const { id, value } of await records.load('person')) {
      const playerId = id as PlayerId
      departed(playerId)
      setList(playerId, new Set(blockedFrom(value)))
    }
  }

  const blocks: BlockLists = {
    of: (playerId) => [...(lists.get(playerId) ?? [])],
    isBlocked: (by, other) => lists.get(by)?.has(other) ?? false,
    isBlockedAtAll: (other) => blockers.has(other),
  }
  return { arrived, departed, isKnown, block, blocks, restore }
}
