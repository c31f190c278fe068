import type { ChatAddress, ChatMessage, Muster } from '../../src/client/client.ts'

export type ChannelKind = 'party' | 'lobby' | 'match'

export interface Channel {
  readonly kind: ChannelKind
  /** The id of the party, lobby or match; a new id starts an empty channel. */
  readonly id: string
  messages: readonly ChatMessage[]
  unread: number
}
export const addresses: Record<ChannelKind, ChatAddress> = {
  party: { party: true },
  lobby: { lobby: true },
  match: { match: true },
}

/** The channel of a message, or null for a message to one player. */
export function kindOf({ to }: ChatMessage): ChannelKind | null {
  if ('party' in to) return 'party'
  if ('lobby' in to) return 'lobby'
  return 'match' in to ? 'match' : null
}

/** Adds earlier messages to those already heard, each once. */
export async function fetchHistory(channel: Channel, { chat }: Muster): Promise<void> {
  const reply = await chat.history({ to: addresses[channel.kind] })
  if (reply.ok) channel.messages = joined(reply.messages, channel.messages)
}

export function add(channel: Channel, message: ChatMessage): void {
  channel.messages = joined(channel.messages, [message])
}

function joined(before: readonly ChatMessage[], later: readonly ChatMessage[]): ChatMessage[] {
  const known = new Set(before.map(({ messageId }) => messageId))
  return [...before, ...later.filter(({ messageId }) => !known.has(messageId))]
}
