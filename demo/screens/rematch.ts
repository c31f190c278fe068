import type { MatchRoom, MatchView } from '../../src/client/client.ts'
import { secondsUntil } from '../clock.ts'
import { byId, setText } from '../dom.ts'
import type { Ending } from '../table.ts'
import { namesOf, othersIn } from '../view.ts'

/** The rematch after a game: `isOpen` while one can be asked for. */
interface Offer {
  text: string
  isOpen: boolean
  isCounting: boolean
}

/** How it came out, and the way into another game with the same people. */
export function createRematch(someoneElse: () => void) {
  const panel = byId('over', HTMLDivElement)
  const again = byId('rematch', HTMLButtonElement)
  const other = byId('someone-else', HTMLButtonElement)
  const status = byId('rematch-state', HTMLSpanElement)
  const left = byId('rematch-left', HTMLSpanElement)
  let room: MatchRoom | null = null
  let fault = ''
  let isClosed = false

  other.addEventListener('click', someoneElse)
  again.addEventListener('click', () => void ask())

  async function ask(): Promise<void> {
    if (!room || again.ariaDisabled === 'true') return
    const asking = room
    again.ariaDisabled = 'true'
    const reply = await asking.rematch(true)
    if (room === asking && !reply.ok) fault = reply.error.message
  }

  function hide(): void {
    room = null
    panel.hidden = true
  }

  function open(next: MatchRoom): void {
    hide()
    room = next
    fault = ''
    isClosed = false
  }

  function render(view: MatchView, verdict: Ending | null): void {
    panel.hidden = !room || !verdict
    if (!room || !verdict) return
    const offer = isClosed ? closedOffer : offerIn(view, room.seat)
    const isMine = view.rematch?.accepted.includes(room.seat) ?? false
    setText(byId('over-title', HTMLHeadingElement), verdict.title)
    setText(byId('over-text', HTMLParagraphElement), verdict.text)
    setText(status, fault || offer.text)
    setText(left, offer.isCounting && view.deadline ? `${secondsUntil(view.deadline.at)} s` : '')
    if (!offer.isOpen && document.activeElement === again) other.focus()
    again.hidden = !offer.isOpen
    again.ariaDisabled = isMine || fault !== '' ? 'true' : null
    setText(again, isMine ? 'Asked' : 'Rematch')
  }

  return {
    open,
    render,
    hide,
    /** Nobody is in the room any more. */
    roomClosed(): void {
      isClosed = true
    },
    /** Whether the focus would be lost with the panel. */
    hasFocus: () => panel.contains(document.activeElement),
  }
}

const closedOffer: Offer = { text: 'The time for a rematch is over.', isOpen: false, isCounting: false }

function offerIn(view: MatchView, mine: number): Offer {
  const others = othersIn(view, mine)
  const accepted = view.rematch?.accepted ?? []
  const gone = others.filter(({ status }) => status === 'left')
  const away = others.filter(({ status }) => status === 'away')
  const eager = others.filter(({ seat }) => accepted.includes(seat))
  if (view.state === 'closed') return closedOffer
  if (view.rematch?.matchId) return { text: 'Here we go again…', isOpen: true, isCounting: false }
  if (gone.length > 0) return { text: `${namesOf(gone)} has left.`, isOpen: false, isCounting: false }
  if (away.length > 0) return { text: `${namesOf(away)} is away`, isOpen: false, isCounting: true }
  if (accepted.includes(mine)) return { text: `Waiting for ${namesOf(others)}`, isOpen: true, isCounting: true }
  if (eager.length > 0) return { text: `${namesOf(eager)} wants a rematch`, isOpen: true, isCounting: true }
  return { text: 'Another game?', isOpen: true, isCounting: true }
}
