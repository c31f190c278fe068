import type { Elapsed, LoopTurns } from '../../ports.ts'

/** The time for which one match may hold the loop, in ms. */
export const SLICE_MS = 4

/** Waiting mails of one group are carried out together; mails with null go alone. */
export type MailGroup = 'joins' | 'requests' | null
interface Grouped {
  group: MailGroup
}
export interface MailboxParts<Mail> {
  turns: LoopTurns
  elapsed: Elapsed
  /** Carries out the first mail, and any number of the others that it takes from the iterator. */
  carryOut: (first: Mail, others: Iterable<Mail>) => Promise<void>
}

/**
 * The waiting mails of a match, in order. They are carried out together for a few milliseconds; then the loop gets a
 * turn before the rest.
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
