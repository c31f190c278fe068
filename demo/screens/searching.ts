import type { Muster } from '../../src/client/client.ts'
import { asMinutes, serverNow } from '../clock.ts'
import { byId, element, setText } from '../dom.ts'
import { createShare } from '../together/share.ts'
import { initialOf } from '../view.ts'
import { show } from './show.ts'
import { createWhy } from './why.ts'

interface Progress {
  waitedMs: number
  estimatedWaitMs: number | null
  searching: number
}
interface SearchingParts {
  cancel(): void
  muster(): Muster | null
  /** How many search with me as one, myself included. */
  mates(): number
}
const TICK_MS = 250
const PLACES: Record<string, number> = { duel: 2, doubles: 4, party: 8, tictactoe: 2 }
const TITLES: Record<string, string> = { duel: 'Looking for a partner', tictactoe: 'Looking for an opponent' }

/** The wait for a match: for how long, among how many, and how to get company. */
export function createSearching({ cancel, muster, mates }: SearchingParts) {
  const title = byId('searching-title', HTMLHeadingElement)
  const places = byId('places', HTMLDivElement)
  const waited = byId('waited', HTMLElement)
  const company = byId('company', HTMLSpanElement)
  const notice = byId('searching-notice', HTMLParagraphElement)
  const why = createWhy(muster, mates)
  let queuedAt: number | null = null

  byId('cancel', HTMLButtonElement).addEventListener('click', cancel)
  createShare('page')(location.origin + location.pathname)
  byId('address', HTMLElement).textContent = addressHint()
  setInterval(tick, TICK_MS)

  function tick(): void {
    if (queuedAt !== null) setText(waited, asMinutes(Math.max(0, Math.floor((serverNow() - queuedAt) / 1000))))
  }

  function seat(count: number): void {
    for (const [n, place] of [...places.children].entries()) place.classList.toggle('taken', n < count)
  }

  return {
    open({ mode, name, text = '' }: { mode: string; name: string; text?: string }): void {
      queuedAt = serverNow()
      setText(title, TITLES[mode] ?? 'Looking for company')
      setText(company, 'You are in the queue')
      setText(notice, text)
      why.close()
      const me = element('span', 'place mine taken', initialOf(name))
      const free = Array.from({ length: (PLACES[mode] ?? 2) - 1 }, () => element('span', 'place'))
      places.replaceChildren(me, ...free)
      tick()
      show('searching')
    },
    queued(ticket: { queuedAt: number }): void {
      queuedAt = ticket.queuedAt
      setText(company, 'You are in the queue')
      tick()
    },
    progress({ waitedMs, estimatedWaitMs, searching }: Progress): void {
      queuedAt = serverNow() - waitedMs
      seat(searching)
      const others = Math.max(0, searching - mates())
      // While nobody else is here, an estimate of seconds would promise what cannot be.
      const estimate = others > 0 ? estimateOf(estimatedWaitMs) : ''
      setText(company, [companyOf(others), estimate].filter(Boolean).join(' · '))
      void why.refresh()
    },
    close(): void {
      queuedAt = null
    },
  }
}

function companyOf(others: number): string {
  if (others === 0) return 'Nobody else is searching yet'
  return others === 1 ? 'One other is searching' : `${others} others are searching`
}

const estimateOf = (ms: number | null): string => (ms === null ? '' : `usually ${Math.max(1, Math.ceil(ms / 1000))} s`)

// A phone cannot come to "localhost"; it needs the name that this computer has in the network.
function addressHint(): string {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)
  return isLocal ? `, or on a phone in the same network at this computer’s address, port ${location.port || 80}` : ''
}
