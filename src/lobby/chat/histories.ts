import { type ChatMessage, MAX_HISTORY } from '../../protocol/chat.ts'

// All channels together: some 20 MB when every message is as long as it may be.
const MAX_IN_ALL = 20_000

interface PageOf {
  before?: string | undefined
  limit: number
  /** Whether the reader is to see it. */
  isHeard: (message: ChatMessage) => boolean
}
export interface Page {
  messages: ChatMessage[]
  hasOlder: boolean
}

/** The last messages of each channel. Where there are too many in all, the channel that is silent for longest goes. */
export function createHistories() {
  // The most silent first.
  const channels = new Map<string, readonly ChatMessage[]>()
  let inAll = 0

  /** Those that are no longer kept for it. */
  function add(channel: string, message: ChatMessage): readonly ChatMessage[] {
    const all = [...(channels.get(channel) ?? []), message]
    const dropped = all.slice(0, -MAX_HISTORY)
    channels.delete(channel)
    channels.set(channel, all.slice(-MAX_HISTORY))
    inAll += 1 - dropped.length
    const [silent] = channels.keys()
    return inAll > MAX_IN_ALL && silent !== undefined ? [...dropped, ...forget(silent)] : dropped
  }

  /** What there was. */
  function forget(channel: string): readonly ChatMessage[] {
    const all = channels.get(channel) ?? []
    channels.delete(channel)
    inAll -= all.length
    return all
  }

  /** The last messages before one, the oldest first; nothing before one that is no longer kept. */
  function page(channel: string, { before, limit, isHeard }: PageOf): Page {
    const all = channels.get(channel) ?? []
    const end = before === undefined ? all.length : all.findIndex(({ messageId }) => messageId === before)
    const heard = all.slice(0, Math.max(0, end)).filter(isHeard)
    return { messages: heard.slice(-limit), hasOlder: heard.length > limit }
  }

  return { add, forget, page, channels: () => [...channels.keys()] }
}
