import * as z from 'zod'
import type { Clock, Log } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import * as s from '../../protocol/schemas.ts'
import { createKeyedQueue } from '../../util/keyed-queue.ts'
import type { BlockLists } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { recordWriter } from '../store-writes.ts'
import { createBlockLists } from './block-lists.ts'
import { createMemory, type Standing } from './memory.ts'

const MAX_BLOCKED = 500
// All lists together: some 50 MB.
const MAX_BLOCKED_IN_ALL = 500_000

const stored = z.object({ blocked: z.array(s.playerId), standing: z.enum(['known', 'regular']).optional() })

interface PersonsParts {
  records: RecordStore
  isOnline: (playerId: PlayerId) => boolean
  /** Called after a player has blocked or unblocked another. */
  blocksChanged: (playerId: PlayerId, other: PlayerId) => void
  clock: Pick<Clock, 'now'>
  log: Log
}

/** Remembers the players who have been here, and whom each has blocked. */
export function createPersons({ records, isOnline, blocksChanged, clock, log }: PersonsParts) {
  const memory = createMemory(clock)
  const lists = createBlockLists()
  const writeRecords = recordWriter(records, log)
  const { inTurn, isFull } = createKeyedQueue<PlayerId>()

  const isKnown = (playerId: PlayerId): boolean => isOnline(playerId) || memory.isGone(playerId) || lists.has(playerId)

  const store = (playerId: PlayerId, blocked: Iterable<PlayerId>): Promise<boolean> =>
    writeRecords([{ kind: 'person', id: playerId, value: { blocked: [...blocked], ...standingIn(playerId) } }])

  function standingIn(playerId: PlayerId): { standing?: Standing } {
    const standing = memory.standingOf(playerId)
    return standing === 'passing' ? {} : { standing }
  }

  const storeAsIs = (playerId: PlayerId): void => void inTurn(playerId, () => store(playerId, lists.of(playerId)))

  function arrived(playerId: PlayerId): void {
    if (memory.arrived(playerId) || lists.has(playerId)) return
    storeAsIs(playerId)
  }

  function departed(playerId: PlayerId): void {
    for (const lost of memory.departed(playerId)) forget(lost)
  }

  /** The player did something that raises their standing, so they are remembered longer. */
  function did(playerId: PlayerId, standing: Standing): void {
    if (memory.raise(playerId, standing)) storeAsIs(playerId)
  }

  function forget(playerId: PlayerId): void {
    void inTurn(
      playerId,
      async () => isKnown(playerId) || writeRecords([{ kind: 'person', id: playerId, value: null }]),
    )
  }

  /** Blocks or unblocks `other`, who is not told. */
  async function block(playerId: PlayerId, other: PlayerId, blocked: boolean): Promise<Accepted | Refusal> {
    if (isFull(playerId)) return refuse('OVERLOADED')
    return inTurn(playerId, async () => {
      const list = lists.of(playerId)
      if (playerId === other) return refuse('BAD_REQUEST', { because: 'that is yourself' })
      if (blocked === list.has(other)) return accept({})
      const refusal = blocked ? refusalToBlock(playerId, list, other) : null
      if (refusal) return refusal
      const next = new Set(list)
      if (blocked) next.add(other)
      else next.delete(other)
      if (blocked) memory.raise(playerId, 'known')
      if (!(await store(playerId, next))) return refuse('UNAVAILABLE')
      setList(playerId, next)
      blocksChanged(playerId, other)
      return accept({})
    })
  }

  function refusalToBlock(playerId: PlayerId, list: ReadonlySet<PlayerId>, other: PlayerId): Refusal | null {
    if (!isKnown(other)) return refuse('NOT_FOUND')
    if (list.size >= MAX_BLOCKED) return refuse('FORBIDDEN', { because: `${MAX_BLOCKED} blocked players are the most` })
    return hasRoomFor(playerId) ? null : refuse('OVERLOADED')
  }

  // Otherwise guests could use up the block capacity. Guests who have not played take no room from regular players.
  function hasRoomFor(playerId: PlayerId): boolean {
    if (lists.size() < MAX_BLOCKED_IN_ALL) return true
    const longGone = longestGone()
    if (longGone === undefined) return false
    if (isRegular(longGone) && !isRegular(playerId)) return false
    setList(longGone, new Set())
    storeAsIs(longGone)
    return true
  }

  const isRegular = (playerId: PlayerId): boolean => memory.standingOf(playerId) === 'regular'

  /** The owner of a list who has been gone for longest; undefined when all of them are connected. */
  function longestGone(): PlayerId | undefined {
    for (const playerId of lists.owners()) if (!memory.isGone(playerId) && !isOnline(playerId)) return playerId
    for (const playerId of memory.inOrder()) if (lists.has(playerId)) return playerId
    return undefined
  }

  function setList(playerId: PlayerId, list: ReadonlySet<PlayerId>): void {
    lists.set(playerId, list)
    if (list.size === 0 && !isOnline(playerId)) departed(playerId)
  }

  async function restore(): Promise<void> {
    for (const { id, value } of await records.load('person')) {
      const playerId = id as PlayerId
      const { blocked, standing = 'passing' } = personFrom(value)
      memory.raise(playerId, standing)
      departed(playerId)
      setList(playerId, new Set(blocked))
    }
  }

  const blocks: BlockLists = {
    of: (playerId) => [...lists.of(playerId)],
    isBlocked: (by, other) => lists.of(by).has(other),
    isBlockedAtAll: lists.isBlockedAtAll,
  }
  return { arrived, departed, did, isRegular, isKnown, block, blocks, restore }
}

/** The blocked players and the standing in a record; none when the record is damaged. */
const personFrom = (value: unknown) => stored.safeParse(value).data ?? { blocked: [] }
