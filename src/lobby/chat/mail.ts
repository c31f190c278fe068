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
  /** Whether the player has played here, or is signed in. */
  isRegular: (playerId: PlayerId) => boolean
  clock: Pick<Clock, 'now'>
}

/** Letters: messages to one player, delivered at once or when the player connects. */
export function createMail({ people, writeRecords, isRegular, clock }: MailParts) {
  const waitingMail = createWaitingMail()

  /** The record to write before a letter is put in. */
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

  /** Delivers all waiting letters in order, then removes them. */
  function deliver(to: PlayerId): void {
    const letters = waitingMail.take(to)
    for (const { message } of letters) people.tell(to, 'chat:message', message)
    forget(letters)
  }

  // Removed after delivery: if the process ends in between, the player hears a letter twice rather than never.
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

  /** `isFor`: whether letters wait for the player. */
  return { record, put, deliver, restore, isFor: waitingMail.isFor }
}
