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

/** The messages of each channel. Those to parties and to single players are stored too. */
export function createArchive({ writeRecords, isRegular }: ArchiveParts) {
  const histories = createHistories()

  /** The record to write before a message is added to a stored channel. */
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

  /** Brings back stored messages. `isThere`: whether the party still exists. */
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
    /** A party, lobby or match is gone: removes its messages. */
    ended: (kind: CompanyKind, id: string): void => forget(histories.forget(channelKey(kind, id))),
    /** The number of parties, lobbies and matches with messages. */
    size: () => histories.channels().filter((key) => !isDirect(key)).length,
  }
}
