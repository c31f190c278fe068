import { type ChatMessage, MAX_HISTORY } from '../../protocol/events/chat.ts'

// All channels together: some 20 MB at the longest messages.
const MAX_IN_ALL = 20_000
// Of these, channels with messages of strangers alone: one person can have many guest accounts.
const MAX_OF_STRANGERS = 5_000

export interface PageOf {
  before?: string | undefined
  limit: number
  /** Whether the reader may see the message. */
  isHeard: (message: ChatMessage) => boolean
}
export interface Page {
  messages: ChatMessage[]
  hasOlder: boolean
}

/**
 * The last messages of each channel. When there are too many in all, the channel with the longest silence goes; when
 * strangers have too many, one of their channels.
 */
export function createHistories() {
  // The channel with the longest silence comes first.
  const channels = new Map<string, readonly ChatMessage[]>()
  /** In the same order. */
  const strange = new Set<string>()
  let inAll = 0
  let ofStrangers = 0

  /** Returns the messages that make room for it. */
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

  /** Returns the removed messages. */
  function forget(channel: string): readonly ChatMessage[] {
    const all = channels.get(channel) ?? []
    count(channel, -1)
    channels.delete(channel)
    strange.delete(channel)
    return all
  }

  /** The last messages before a given one, oldest first; none if that one is not kept any more. */
  function page(channel: string, { before, limit, isHeard }: PageOf): Page {
    const all = channels.get(channel) ?? []
    const end = before === undefined ? all.length : all.findIndex(({ messageId }) => messageId === before)
    const heard = all.slice(0, Math.max(0, end)).filter(isHeard)
    return { messages: heard.slice(-limit), hasOlder: heard.length > limit }
  }

  return { add, forget, page, channels: () => [...channels.keys()] }
}
