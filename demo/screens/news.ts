import type { MatchEvent, MatchView } from '../../src/client/client.ts'
import { byId, element } from '../dom.ts'
import { nameIn } from '../view.ts'

const MAX_LINES = 4
const list = byId('news', HTMLOListElement)

/** The last events, as a short list that a screen reader follows too. */
export const news = {
  clear: () => list.replaceChildren(),
  add(text: string): void {
    list.append(element('li', 'news-line', text))
    while (list.children.length > MAX_LINES) list.firstElementChild?.remove()
  },
}

/** An event as a line of news for the player in seat `mine`, or null. */
export function storyOf(event: MatchEvent, view: MatchView, mine: number): string | null {
  const about = (seat: number, story: string) => (seat === mine ? null : `${nameIn(view, seat)} ${story}`)
  const secondsTo = (until: number) => Math.round((until - event.at) / 1000)
  switch (event.type) {
    case 'state.changed':
      return event.state === 'paused' ? 'The match is paused' : null
    case 'player.joined':
      return about(event.seat, 'is here')
    case 'player.away':
      return about(event.seat, `dropped – waiting ${secondsTo(event.until)} s`)
    case 'player.back':
      return about(event.seat, 'is back') ?? 'You are back'
    case 'player.left':
      return about(event.seat, event.why === 'noShow' ? 'did not come' : 'left')
    case 'player.forfeited':
      return about(event.seat, 'stayed away and lost the seat')
    case 'player.idle':
      return about(event.seat, 'has not moved for a while') ?? `Still there? ${secondsTo(event.until)} s left`
    case 'spectator.joined':
      return `${event.name} is watching`
    case 'rematch.asked':
      return event.accept ? null : about(event.seat, 'does not want a rematch')
    case 'spectator.left':
    case 'action':
    case 'property.set':
    case 'result.claimed':
    case 'result.final':
    case 'rematch.agreed':
    case 'host.changed':
      return null
  }
}
