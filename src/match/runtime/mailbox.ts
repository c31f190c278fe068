import type { Elapsed, LoopTurns } from '../../ports.ts'

/** How long one match may hold the loop before others have their turn. */
export const SLICE_MS = 4

/** Mails of one group that wait together are carried out together; null is for those that go alone. */
export type MailGroup = 'joins' | 'requests' | null
interface Grouped {
  group: MailGroup
}
export interface MailboxParts<Mail> {
  turns: LoopTurns
  elapsed: Elapsed
  /** Carries out the first mail, and as many of the others as it takes from the iterator. */
  carryOut: (first: Mail, others: Iterable<Mail>) => Promise<void>
}

/**
 * What waits for a match, in the order it came. Whatever comes together is carried out together, for a few milliseconds;
 * then the loop turns before the rest is.
 */
export class Mailbox<Mail extends Grouped> {
  readonly #parts: MailboxParts<Mail>
  readonly #mails: Mail[] = []
  #isBusy = false

  constructor(parts: MailboxParts<Mail>) {
    this.#parts = parts
  }

  get size(): number {
    return this.#mails.length
  }

  add(mail: Mail): void {
    this.#mails.push(mail)
    if (this.#isBusy) return
    this.#isBusy = true
    this.#parts.turns.run(this, () => void this.#empty())
  }

  async #empty(): Promise<void> {
    for (let first = this.#mails.shift(); first; first = this.#mails.shift()) {
      await this.#parts.carryOut(first, this.#restOfGroup(first))
      if (this.#mails.length > 0) await new Promise<void>((goOn) => this.#parts.turns.later(this, goOn))
    }
    this.#isBusy = false
  }

  *#restOfGroup({ group }: Mail): Generator<Mail> {
    const began = this.#parts.elapsed()
    while (group !== null && this.#mails[0]?.group === group) {
      if (this.#parts.elapsed() - began >= SLICE_MS) return
      yield this.#mails.shift() as Mail
    }
  }
}
