import type { MatchEvent, MatchView, Result } from '../../protocol/match-view.ts'

type Status = MatchView['seats'][number]['status']

/** The view of a match after the next line of its log. */
export function withEvent(view: MatchView, event: MatchEvent): MatchView {
  switch (event.type) {
    case 'state.changed':
      return { ...view, ...gameOf(event), state: event.state, deadline: event.deadline ?? null }
    case 'player.joined':
      return withStatus(withSeat(view, event), event.seat, 'present')
    case 'player.back':
      return withStatus(view, event.seat, 'present')
    case 'player.away':
      return withStatus(view, event.seat, 'away', event.until)
    case 'player.left':
    case 'player.forfeited':
      return withStatus(view, event.seat, 'left')
    case 'player.idle':
    case 'result.claimed':
      return view
    case 'spectator.joined':
      return { ...view, spectators: [...view.spectators, { playerId: event.playerId, name: event.name }] }
    case 'spectator.left':
      return { ...view, spectators: view.spectators.filter(({ playerId }) => playerId !== event.playerId) }
    case 'action':
      return {
        ...view,
        ...gameOf(event),
        deadline: event.deadline ?? view.deadline,
      }
    case 'property.set':
      return withProperty(view, event)
    case 'result.final':
      return { ...view, ...unratedOf(event), result: resultOf(event) }
    case 'rematch.asked':
      return withRematch(view, event.seat, event.accept)
    case 'rematch.agreed':
      return { ...view, rematch: { accepted: view.rematch?.accepted ?? [], matchId: event.matchId } }
    case 'host.changed':
      return { ...view, host: event.seat }
  }
}

const gameOf = ({ game }: { game?: unknown }) => (game === undefined ? {} : { game })

// A late joiner has a new seat.
function withSeat(view: MatchView, { seat, team, playerId, name }: MatchEvent & { type: 'player.joined' }): MatchView {
  if (view.seats.some((other) => other.seat === seat)) return view
  return { ...view, seats: [...view.seats, { seat, team, playerId, name, status: 'reserved' }] }
}

function withStatus(view: MatchView, seat: number, status: Status, until?: number): MatchView {
  const seats = view.seats.map(({ until: before, ...other }) => {
    if (other.seat !== seat) return before === undefined ? other : { ...other, until: before }
    return { ...other, status, ...(until !== undefined && { until }) }
  })
  return { ...view, seats }
}

function withProperty(view: MatchView, { key, value, version }: MatchEvent & { type: 'property.set' }): MatchView {
  // Without a value the property is hidden from this player.
  if (value === undefined) return view
  return { ...view, properties: { ...view.properties, [key]: { value, version } } }
}

function withRematch(view: MatchView, seat: number, accept: boolean): MatchView {
  const others = (view.rematch?.accepted ?? []).filter((one) => one !== seat)
  return { ...view, rematch: { accepted: accept ? [...others, seat] : others } }
}

const unratedOf = ({ unrated }: Pick<Result, 'unrated'>) => (unrated ? { rated: false, unrated } : {})

function resultOf({
  outcome,
  placements,
  scores,
  disputed,
  ratings,
  unrated,
}: MatchEvent & { type: 'result.final' }): Result {
  return {
    outcome,
    placements,
    ...(scores && { scores }),
    ...(disputed && { disputed }),
    ...(ratings && { ratings }),
    ...(unrated && { unrated }),
  }
}
