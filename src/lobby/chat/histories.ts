import { type ChatMessage, MAX_HISTORY } from '../../protocol/events/chat.ts'

// All channels together: some 20 MB when every message is as long as it may be.
const MAX_IN_ALL = 20_000
// Of which channels have this much in which nobody has spoken who has played here: anyone can be many of those.
const MAX_OF_STRANGERS = 5_000

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

/**
 * The last messages of each channel. Where there are too many in all, the channel that is silent for longest goes; where
 * strangers have too many, one of theirs.
 */
export function createHistories() {
  // The most silent first.
  const channels = new Map<string, readonly ChatMessage[]>()
  /** The most silent first, too. */
  const strange = new Set<string>()
  let inAll = 0
  let ofStrangers = 0

  /** Those that are no longer kept for it. */
  function add(channel: string, message: ChatMessage, isRegular = true): readonly ChatMessage[] {
    count(channel, -1)
    const isStrange = !isRegular && (strange.has(channel) || !channels.has(channel))
    strange.delete(channel)
    if (isStrange) strange.add(channel)
    const all = [...(channels.get(channel) ?? []), message]
    const dropped = all.slice(0, -MAX_HISTORY)
    channels.delete(channel)
    channels.set(channel, all.slice(-MAX_HISTORY))
    count(channel, 1)
    const [silent] = ofStrangers > MAX_OF_STRANGERS ? strange : inAll > MAX_IN_ALL ? channels.keys() : []
    return silent === undefined ? dropped : [...dropped, ...forget(silent)]
  }

  function count(channel: string, sign: 1 | -1): void {
    const size = sign * (channels.get(channel)?.length ?? 0)
    inAll += size
    if (strange.has(channel)) ofStrangers += size
  }

  /** What there was. */
  function forget(channel: string): readonly ChatMessage[] {
    const all = channels.get(channel) ?? []
    count(channel, -1)
    channels.delete(channel)
    strange.delete(channel)
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
