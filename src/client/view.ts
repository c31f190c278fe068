import type { MatchEvent, MatchView } from '../protocol/match-view.ts'

type Status = MatchView['seats'][number]['status']

/** The view of a match after one more line of its log. */
export function withEvent(view: MatchView, event: MatchEvent): MatchView {
  switch (event.type) {
    case 'state.changed':
      return { ...view, state: event.state, deadline: event.deadline ?? null }
    case 'player.joined':
    case 'player.back':
      return withStatus(view, event.seat, 'present')
    case 'player.away':
      return withStatus(view, event.seat, 'away')
    case 'player.left':
    case 'player.forfeited':
      return withStatus(view, event.seat, 'left')
  }
}

const withStatus = (view: MatchView, seat: number, status: Status): MatchView => ({
  ...view,
  seats: view.seats.map((other) => (other.seat === seat ? { ...other, status } : other)),
})
