import type { ChatMessage } from '../../src/client/client.ts'
import { byId, element } from '../dom.ts'
import { createRows } from '../rows.ts'
import type { Channel } from './channel.ts'

/** The messages of one channel, the newest at the bottom and in sight. */
export function createLog() {
  const list = byId('chat-log', HTMLOListElement)
  const empty = byId('chat-empty', HTMLParagraphElement)
  const show = createRows<ChatMessage>(list, ({ messageId }) => messageId, newRow)
  let me = ''
  let shown: Channel | null = null

  function newRow({ from, text, at }: ChatMessage) {
    const item = element('li', 'message')
    const head = element('span', 'message-head')
    const time = element('time', 'muted', new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }))
    head.append(element('strong', '', from.playerId === me ? 'You' : from.name), time)
    item.append(head, element('span', 'message-text', text))
    return { item, update: () => {} }
  }

  return function render(channel: Channel | null, mine: string): void {
    me = mine
    const isAtEnd = channel !== shown || list.scrollHeight - list.scrollTop - list.clientHeight < 40
    shown = channel
    const messages = channel?.messages ?? []
    empty.hidden = messages.length > 0
    show(messages)
    if (isAtEnd) list.scrollTop = list.scrollHeight
  }
}
