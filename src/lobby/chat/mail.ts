import * as z from 'zod'
import type { Clock } from '../../ports.ts'
import { type ChatMessage, chatMessage } from '../../protocol/events/chat.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import * as s from '../../protocol/schemas.ts'
import type { People } from '../ports.ts'
import type { KeptRecord, RecordChange } from '../record-store.ts'
import type { WriteRecords } from '../store-writes.ts'
import { createWaitingMail, type Letter } from './waiting-mail.ts'

const stored = z.object({ to: s.playerId, message: chatMessage })

interface MailParts {
  people: People
  writeRecords: WriteRecords
  /** Whether they have played here, or somebody answers for them. */
  isRegular: (playerId: PlayerId) => boolean
  clock: Pick<Clock, 'now'>
}

/** Messages to one player, until they have been told: at once to who is connected, else when they come. */
export function createMail({ people, writeRecords, isRegular, clock }: MailParts) {
  const waitingMail = createWaitingMail()

  /** What to store before a message is put in. */
  const record = (to: PlayerId, message: ChatMessage): RecordChange => ({
    kind: 'mail',
    id: message.messageId,
    value: { to, message },
  })

  function put(to: PlayerId, message: ChatMessage): void {
    const lost = waitingMail.put({ to, message, isStranger: !isRegular(message.from.playerId) }, clock.now())
    if (people.isOnline(to)) deliver(to)
    forget(lost)
  }

  /** Tells all that waits, in its order, and then forgets it. */
  function deliver(to: PlayerId): void {
    const letters = waitingMail.take(to)
    for (const { message } of letters) people.tell(to, 'chat:message', message)
    forget(letters)
  }

  // Forgotten after it was told: better heard twice, should the process end in between, than never.
  function forget(letters: readonly Letter[]): void {
    if (letters.length === 0) return
    void writeRecords(letters.map(({ message }) => ({ kind: 'mail', id: message.messageId, value: null })))
  }

  async function restore(records: readonly KeptRecord[]): Promise<void> {
    for (const { id, value } of records) {
      const letter = stored.safeParse(value).data
      if (letter) put(letter.to, letter.message)
      else await writeRecords([{ kind: 'mail', id, value: null }])
    }
  }

  /** `isFor`: whether something waits for them. */
  return { record, put, deliver, restore, isFor: waitingMail.isFor }
}
