import * as z from 'zod'
import { type ChatMessage, chatMessage } from '../../protocol/events/chat.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { KeptRecord, RecordChange } from '../record-store.ts'
import type { WriteRecords } from '../store-writes.ts'
import { type Channel, type CompanyKind, channelKey, isDirect, partyIn } from './channels.ts'
import { createHistories } from './histories.ts'

const stored = z.object({ channel: z.string(), message: chatMessage })

interface ArchiveParts {
  writeRecords: WriteRecords
  isRegular: (playerId: PlayerId) => boolean
}

/** What was said in each channel, and in the store what was said to parties and to single players. */
export function createArchive({ writeRecords, isRegular }: ArchiveParts) {
  const histories = createHistories()

  /** What to store before a message is added to a channel that is kept. */
  const record = ({ key }: Channel, message: ChatMessage): RecordChange => ({
    kind: 'chat',
    id: message.messageId,
    value: { channel: key, message },
  })

  const add = (key: string, message: ChatMessage): void =>
    forget(histories.add(key, message, isRegular(message.from.playerId)))

  function forget(messages: readonly ChatMessage[]): void {
    const kept = messages.filter(({ to }) => 'party' in to || 'playerId' in to)
    if (kept.length > 0) void writeRecords(kept.map(({ messageId }) => ({ kind: 'chat', id: messageId, value: null })))
  }

  /** Brings back what was said; `isThere` says whether a party still is. */
  async function restore(records: readonly KeptRecord[], isThere: (partyId: string) => boolean): Promise<void> {
    for (const { id, value } of records) {
      const spoken = stored.safeParse(value).data
      if (spoken) add(spoken.channel, spoken.message)
      else await writeRecords([{ kind: 'chat', id, value: null }])
    }
    for (const key of histories.channels()) {
      if (!isDirect(key) && !isThere(partyIn(key))) forget(histories.forget(key))
    }
  }

  return {
    record,
    add,
    forget,
    page: histories.page,
    restore,
    /** A party, lobby or match is gone, and with it what was said there. */
    ended: (kind: CompanyKind, id: string): void => forget(histories.forget(channelKey(kind, id))),
    /** Parties, lobbies and matches in which something was said. */
    size: () => histories.channels().filter((key) => !isDirect(key)).length,
  }
}
