import type { ChatMessage, Muster } from '../../src/client/client.ts'
import { add, addresses, type Channel, type ChannelKind, fetchHistory, kindOf } from './channel.ts'
import { createChatPanel } from './panel.ts'

/** The ids of the player's current party, lobby and match. */
export type Company = Record<ChannelKind, string | undefined>

// The most current channel comes first.
const KINDS: readonly ChannelKind[] = ['match', 'lobby', 'party']

/** Chat with the current party, lobby and match. */
export function createChat(muster: () => Muster | null) {
  const panel = createChatPanel({ choose, send: (text) => void send(text), opened: read })
  let channels: readonly Channel[] = []
  let chosen: ChannelKind | null = null

  const current = () => channels.find(({ kind }) => kind === chosen)

  /** Shows the channels of these groups, and loads the history of a new one. */
  function enter(company: Company): void {
    const before = channels
    channels = KINDS.flatMap((kind) => {
      const id = company[kind]
      if (id === undefined) return []
      const known = before.find((one) => one.kind === kind && one.id === id)
      return known ?? { kind, id, messages: [], unread: 0 }
    })
    const news = channels.filter((channel) => !before.includes(channel))
    for (const channel of news) void fetch(channel)
    const next = news[0]?.kind
    // A conversation continues when a match begins.
    if (next && !(next === 'match' && current())) chosen = next
    if (!current()) chosen = channels[0]?.kind ?? null
    read()
  }

  async function fetch(channel: Channel): Promise<void> {
    const there = muster()
    if (there) await fetchHistory(channel, there)
    render()
  }

  function choose(kind: ChannelKind): void {
    chosen = kind
    read()
  }

  /** Marks the visible messages as read. */
  function read(): void {
    const channel = current()
    if (channel && panel.isOpen()) channel.unread = 0
    render()
  }

  const render = () => panel.render(channels, chosen, muster()?.session.playerId ?? '')

  function heard(message: ChatMessage): void {
    const channel = channels.find(({ kind }) => kind === kindOf(message))
    if (!channel) return
    add(channel, message)
    if (message.from.playerId !== muster()?.session.playerId) channel.unread += 1
    read()
  }

  async function send(text: string): Promise<void> {
    const there = muster()
    const channel = current()
    if (!there || !channel) return
    const to = addresses[channel.kind]
    const reply = await there.chat.send({ to, text })
    if (!reply.ok) return panel.refuse(text, reply.error.message)
    const { playerId, name } = there.session
    add(channel, { messageId: reply.messageId, at: reply.at, from: { playerId, name }, to, text })
    render()
  }

  return {
    enter,
    suggest: panel.suggest,
    hear: (there: Muster) => void there.on('chat:message', heard),
    /** Loads the messages missed while the connection was lost. */
    catchUp(): void {
      for (const channel of channels) void fetch(channel)
    },
  }
}
