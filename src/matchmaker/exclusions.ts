import type { Ticket } from './api.ts'
import { ObjectColumn } from './tickets/columns.ts'
import { hashOf } from './tickets/id-index.ts'

type Party = Pick<Ticket, 'players' | 'block'>
interface Refusal {
  group: string
  members: readonly string[]
  until: number
}

/** Players who may not be matched with each other: blocks, and groups that rejected a proposal recently. */
export class Exclusions {
  // Most tickets have neither, and take no memory here.
  readonly #blocked = new ObjectColumn<Blocked>()
  /** The number of players with blocks. */
  #blockers = 0
  /** The hashes of a ticket's players, computed on first use. */
  readonly #hashes = new ObjectColumn<number[]>()
  readonly #refused = new Map<string, Refusal>()
  /** The number of refused groups that a ticket is in. */
  readonly #refusals = new Map<string, number>()

  open(slot: number, block: readonly string[] | undefined): void {
    const hasBlocked = block !== undefined && block.length > 0
    this.#hashes.clear(slot)
    if (!hasBlocked) return this.#blocked.clear(slot)
    this.#blockers += 1
    this.#blocked.set(slot, new Blocked(block))
  }
  close(slot: number): void {
    if (this.#blocked.find(slot) === null) return
    this.#blockers -= 1
    this.#blocked.clear(slot)
  }

  /** Whether any player has a block. */
  get hasBlocked(): boolean {
    return this.#blockers > 0
  }
  /** Whether neither ticket has blocked a player of the other. */
  mayMeet(slot: number, ticket: Ticket, other: number, otherTicket: Ticket): boolean {
    if (!this.hasBlocked) return true
    return !this.hasBlockedOneOf(slot, other, otherTicket) && !this.hasBlockedOneOf(other, slot, ticket)
  }
  /** Whether the first has blocked a player of the other. */
  hasBlockedOneOf(slot: number, other: number, otherTicket: Ticket): boolean {
    const blocked = this.#blocked.find(slot)
    if (blocked === null) return false
    const known = this.#hashes.find(other)
    return blocked.hasOneOf(known ?? this.#hashesOf(other, otherTicket), otherTicket.players)
  }
  #hashesOf(slot: number, { players }: Ticket): number[] {
    const hashes = players.map(({ id }) => hashOf(id))
    this.#hashes.set(slot, hashes)
    return hashes
  }

  /** Forbids to propose this same group before the instant. Instants never decrease from call to call. */
  refuse(members: readonly string[], until: number): void {
    const group = groupKey(members)
    this.#forget(group)
    this.#refused.set(group, { group, members, until })
    for (const id of members) this.#refusals.set(id, (this.#refusals.get(id) ?? 0) + 1)
  }

  /** Whether any group is refused at present. */
  get hasRefused(): boolean {
    return this.#refused.size > 0
  }
  /** The instant until which the group is refused; `now` or earlier when it may be proposed. */
  refusedUntil(members: readonly string[], now: number): number {
    if (!this.hasRefused) return now
    this.#forgetUntil(now)
    // Most tickets have no recent refusal, so no key is made for them.
    for (const id of members) if (!this.#refusals.has(id)) return now
    return this.#refused.get(groupKey(members))?.until ?? now
  }

  // Refusals are stored in the order in which they end, so this looks at one too many at most.
  #forgetUntil(now: number): void {
    for (const { group, until } of this.#refused.values()) {
      if (until > now) return
      this.#forget(group)
    }
  }
  #forget(group: string): void {
    const refusal = this.#refused.get(group)
    if (!refusal) return
    this.#refused.delete(group)
    for (const id of refusal.members) {
      const left = (this.#refusals.get(id) ?? 1) - 1
      if (left > 0) this.#refusals.set(id, left)
      else this.#refusals.delete(id)
    }
  }
}

/**
 * The blocked ids in a hash table that is at least half empty. One lookup excludes almost every player; for the rest
 * the ids are compared.
 */
class Blocked {
  readonly #ids: readonly string[]
  readonly #table: Int32Array
  readonly #mask: number
  constructor(ids: readonly string[]) {
    this.#ids = ids
    const size = 2 ** (33 - Math.clz32(ids.length))
    this.#mask = size - 1
    this.#table = new Int32Array(size)
    for (let n = 0; n < ids.length; n += 1) this.#put(hashOf(ids[n] as string))
  }

  hasOneOf(hashes: readonly number[], players: Ticket['players']): boolean {
    for (let n = 0; n < hashes.length; n += 1) {
      if (this.#mayHave(hashes[n] as number) && this.#ids.includes((players[n] as { id: string }).id)) return true
    }
    return false
  }
  // 0 marks a free entry. For equal hashes the ids decide.
  #mayHave(hash: number): boolean {
    if (hash === FREE) return true
    let at = hash & this.#mask
    while (this.#table[at] !== FREE && this.#table[at] !== hash) at = (at + 1) & this.#mask
    return this.#table[at] === hash
  }
  #put(hash: number): void {
    let at = hash & this.#mask
    while (this.#table[at] !== FREE) at = (at + 1) & this.#mask
    this.#table[at] = hash
  }
}
const FREE = 0

/** Whether neither of two tickets has blocked a player of the other. */
export const neitherBlocks = (a: Party, b: Party): boolean =>
  !b.players.some(({ id }) => a.block?.includes(id)) && !a.players.some(({ id }) => b.block?.includes(id))

const groupKey = (members: readonly string[]): string =>
  members.length === 2 ? pairKey(members[0] as string, members[1] as string) : JSON.stringify(members.toSorted())
const pairKey = (one: string, other: string): string =>
  one < other ? JSON.stringify([one, other]) : JSON.stringify([other, one])
