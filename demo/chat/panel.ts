import { byId, element, setText } from '../dom.ts'
import { createRows } from '../rows.ts'
import type { Channel, ChannelKind } from './channel.ts'
import { createLog } from './log.ts'

interface PanelButtons {
  choose(kind: ChannelKind): void
  send(text: string): void
  opened(): void
}
const NAMES: Record<ChannelKind, string> = { party: 'Party', lobby: 'Lobby', match: 'Match' }
const wide = matchMedia('(min-width: 64rem)')

/** The panel beside the page, or over it on a phone, and the button in the bar that opens it. */
export function createChatPanel({ choose, send, opened }: PanelButtons) {
  const panel = byId('chat', HTMLElement)
  const button = byId('chat-button', HTMLButtonElement)
  const badge = byId('chat-unread', HTMLSpanElement)
  const form = byId('chat-form', HTMLFormElement)
  const field = byId('chat-text', HTMLInputElement)
  const fault = byId('chat-fault', HTMLParagraphElement)
  const showTabs = createRows<Channel>(byId('chat-tabs', HTMLFieldSetElement), ({ kind }) => kind, newTab)
  const showLog = createLog()
  let chosen: ChannelKind | null = null
  let isWanted: boolean | null = null
  let isOpen = false

  button.addEventListener('click', () => want(!isOpen))
  byId('chat-close', HTMLButtonElement).addEventListener('click', () => want(false))
  panel.addEventListener('keydown', ({ key }) => key === 'Escape' && want(false))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const text = field.value.trim()
    setText(fault, '')
    field.value = ''
    if (text !== '') send(text)
  })

  function newTab({ kind }: Channel) {
    const item = element('button', 'small')
    item.type = 'button'
    item.addEventListener('click', () => choose(kind))
    function update({ unread }: Channel): void {
      item.ariaPressed = `${kind === chosen}`
      setText(item, unread > 0 ? `${NAMES[kind]} (${unread})` : NAMES[kind])
    }
    return { item, update }
  }

  function want(open: boolean): void {
    isWanted = open
    setOpen(open)
    ;(open ? field : button).focus()
  }

  function setOpen(open: boolean): void {
    isOpen = open
    panel.hidden = !open
    button.ariaExpanded = `${open}`
    document.body.toggleAttribute('data-chat', open)
    if (open) opened()
  }

  function render(channels: readonly Channel[], kind: ChannelKind | null, me: string): void {
    chosen = kind
    const unread = channels.reduce((sum, channel) => sum + channel.unread, 0)
    button.hidden = channels.length === 0
    if (button.hidden && isOpen) setOpen(false)
    setText(badge, unread > 0 ? `${unread}` : '')
    button.ariaLabel = unread > 0 ? `Chat, ${unread} new` : 'Chat'
    showTabs(channels)
    showLog(channels.find((channel) => channel.kind === kind) ?? null, me)
  }

  return {
    render,
    isOpen: () => isOpen,
    /** Opens it where there is room beside the page, unless the player has closed it. */
    suggest: () => void (wide.matches && isWanted !== false && !isOpen && setOpen(true)),
    /** Restores a text that was not sent, and shows why. */
    refuse(text: string, why: string): void {
      setText(fault, why)
      field.value ||= text
    },
  }
}
