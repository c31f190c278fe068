import type { Ticket } from './face.ts'

const NOBODY: ReadonlySet<string> = new Set()

/** Who is not to meet whom: what players block, and groups that did not come about a moment ago. */
export class Acquaintance {
  readonly #blocked = new Map<number, ReadonlySet<string>>()
  readonly #refused = new Map<string, number>()

  open(slot: number, block: readonly string[] | undefined): void {
    if (block && block.length > 0) this.#blocked.set(slot, new Set(block))
  }
  close(slot: number): void {
    this.#blocked.delete(slot)
  }

  /** Whether anybody has blocked somebody. */
  get hasBlocked(): boolean {
    return this.#blocked.size > 0
  }
  /** Whether neither of the two has blocked a player of the other. */
  mayMeet(slot: number, ticket: Ticket, other: number, otherTicket: Ticket): boolean {
    if (!this.hasBlocked) return true
    const blocked = this.#blocked.get(slot) ?? NOBODY
    const otherBlocked = this.#blocked.get(other) ?? NOBODY
    return (
      !otherTicket.players.some(({ id }) => blocked.has(id)) && !ticket.players.some(({ id }) => otherBlocked.has(id))
    )
  }

  /** Whether this one does not want to meet a player of the other. */
  isUnwanted(slot: number, other: Ticket): boolean {
    const blocked = this.#blocked.get(slot)
    return blocked !== undefined && other.players.some(({ id }) => blocked.has(id))
  }

  /** This same group is not to be proposed before the instant. */
  refuse(group: string, until: number): void {
    this.#refused.set(group, until)
  }

  /** Whether any group is not to be proposed. */
  get hasRefused(): boolean {
    return this.#refused.size > 0
  }
  /** Until when the group is not to be proposed; `now` or earlier when it may be. */
  refusedUntil(tickets: readonly Pick<Ticket, 'id'>[], now: number): number {
    if (!this.hasRefused) return now
    for (const [group, until] of this.#refused) if (until <= now) this.#refused.delete(group)
    return this.#refused.get(groupKey(tickets)) ?? now
  }

  get refusals(): [string, number][] {
    return [...this.#refused]
  }
}

/** Whether neither of two tickets has blocked a player of the other. */
export const areOnTerms = (a: Pick<Ticket, 'players' | 'block'>, b: Pick<Ticket, 'players' | 'block'>): boolean =>
  !b.players.some(({ id }) => a.block?.includes(id)) && !a.players.some(({ id }) => b.block?.includes(id))

export const groupKey = (tickets: readonly Pick<Ticket, 'id'>[]): string =>
  JSON.stringify(tickets.map(({ id }) => id).sort())
