import type { ChatMessage } from '../../protocol/chat.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { Keep } from '../keeping.ts'
import type { People } from '../ports.ts'
import type { KeptRecord, RecordChange } from '../record-store.ts'
import { waitingFrom } from './stored.ts'

const MAX_WAITING = 100
// All boxes together: some 50 MB when every message is as long as it may be.
const MAX_IN_ALL = 50_000

/** Messages to one player, until they have been told: at once to who is connected, else when they come. */
export function createMail({ people, keep }: { people: People; keep: Keep }) {
  const boxes = new Map<PlayerId, ChatMessage[]>()
  let inAll = 0

  /** What to store before a message is put in. */
  const record = (to: PlayerId, message: ChatMessage): RecordChange => ({
    kind: 'mail',
    id: message.messageId,
    value: { to, message },
  })

  function put(to: PlayerId, message: ChatMessage): void {
    const box = boxes.get(to) ?? []
    boxes.set(to, box)
    box.push(message)
    inAll += 1
    if (people.isOnline(to)) deliver(to)
    else if (box.length > MAX_WAITING) forget(box.splice(0, 1))
  }

  /** Tells all that waits, in its order, and then forgets it. */
  function deliver(to: PlayerId): void {
    const box = boxes.get(to) ?? []
    boxes.delete(to)
    for (const message of box) people.tell(to, 'chat:message', message)
    if (box.length > 0) forget(box)
  }

  // Forgotten after it was told: better heard twice, should the process end in between, than never.
  function forget(messages: readonly ChatMessage[]): void {
    inAll -= messages.length
    void keep(messages.map(({ messageId }) => ({ kind: 'mail', id: messageId, value: null })))
  }

  async function restore(records: readonly KeptRecord[]): Promise<void> {
    for (const { id, value } of records) {
      const letter = waitingFrom(value)
      if (letter) put(letter.to, letter.message)
      else await keep([{ kind: 'mail', id, value: null }])
    }
  }

  return {
    record,
    put,
    deliver,
    restore,
    /** Whether something waits for them. */
    isFor: (to: PlayerId) => boxes.has(to),
    isFull: () => inAll >= MAX_IN_ALL,
  }
}
