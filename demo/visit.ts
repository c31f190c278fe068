import type { MatchEvent, MatchRoom, MatchView, Muster, Outcome } from '../src/client/client.ts'
import { pause, serverNow } from './clock.ts'
import type { MatchScreen } from './screens/match.ts'
import type { Ending } from './table.ts'
import { namesOf, othersIn } from './view.ts'

interface VisitParts {
  muster: Muster
  matchId: string
  screen: MatchScreen
  /** Called once, unless the player leaves first. */
  over(ending: Ending): void
  /** Called with the match of an agreed rematch. */
  goOn(matchId: string): void
}
export interface Leave {
  ending: Ending
  /** Resolves when the server has replied, or is unlikely to. */
  told: Promise<unknown>
}
export interface Visit {
  readonly matchId: string
  /** Gives the seat up. */
  leave(): Leave
  /** Stops listening to this match. */
  end(): void
  /** The result once it is decided; the player may stay for a rematch. */
  verdict(): Ending | null
}
const RETRY_MS = 1_000
// Tolerance for clocks and latency.
const LEEWAY_MS = 1_000
const BEFORE_PLAY: readonly string[] = ['proposed', 'gathering', 'countdown']

/** A player's stay in one match: takes the seat, shows the events, and reports the end. */
export function visitMatch({ muster, matchId, screen, over, goOn }: VisitParts): Visit {
  let isHere = true
  let hasLeft = false
  let hasBegun = false
  let endsAt = Number.POSITIVE_INFINITY
  let room: MatchRoom | null = null
  const lineLost = () => screen.disconnected()
  // The line about the rematch has the next match's id.
  const agreed = (event: MatchEvent) => void (event.type === 'rematch.agreed' && goOn(event.matchId))

  async function takeSeat(): Promise<void> {
    while (isHere) {
      const joined = await muster.joinMatch(matchId, {
        changed(view, event) {
          if (!isHere) return
          screen.changed(view, event)
          look(view)
        },
        message: (fromSeat, data) => isHere && screen.heard(fromSeat, data),
        closed: (outcome) => isHere && closed(outcome),
      })
      if (joined.ok && hasLeft) return void joined.leave()
      if (!isHere) return
      if (joined.ok) return seated(joined)
      if (!joined.error.retryable)
        return finish({ title: 'Too late', text: 'That match is over, or it was not yours.' })
      await pause(RETRY_MS)
    }
  }

  function seated(joined: MatchRoom): void {
    room = joined
    screen.open(joined)
    muster.match.socket.on('disconnect', lineLost).on('match:event', agreed)
    look(joined.view)
  }

  function look(view: MatchView): void {
    const { state, deadline, rematch } = view
    if (rematch?.matchId !== undefined) return goOn(rematch.matchId)
    // When a match is cancelled before play, `match:cancelled` says what comes next.
    if (state === 'ended' && hasBegun && !screen.verdict()) return finishPlayed(view)
    hasBegun ||= !BEFORE_PLAY.includes(state)
    if (state === 'playing' && deadline) endsAt = deadline.at
  }

  function finishPlayed(view: MatchView): void {
    const others = othersIn(view, room?.seat ?? 0)
    const isDeserted = others.every(({ status }) => status === 'left')
    const text = serverNow() > endsAt - LEEWAY_MS ? 'Time is up.' : 'It was played to the end.'
    // Leaves, so that the room may close.
    void room?.leave()
    finish({ title: 'The match is over', text: isDeserted ? `${namesOf(others)} left.` : text })
  }

  function closed(outcome: Outcome | null): void {
    if (screen.verdict()) screen.roomClosed()
    else finish(endingOf(outcome))
  }

  function finish(ending: Ending): void {
    end()
    over(ending)
  }

  function leave(): Leave {
    const ending = verdict() ?? { title: 'You left the match', text: screen.disconnectAll() }
    hasLeft = true
    end()
    return { ending, told: room?.leave() ?? Promise.resolve() }
  }

  function end(): void {
    // The room of a decided match would keep rejoining it and leave the next one.
    if (isHere && !hasLeft && verdict()) void room?.leave()
    isHere = false
    muster.match.socket.off('disconnect', lineLost).off('match:event', agreed)
  }

  const verdict = () => (isHere && room ? screen.verdict() : null)

  void takeSeat()
  return { matchId, leave, end, verdict }
}

/** The text for an outcome; null for a player who came back too late to hear it. */
function endingOf(outcome: Outcome | null): Ending {
  switch (outcome) {
    case 'completed':
      return { title: 'The match is over', text: 'It was played to the end.' }
    case 'abandoned':
      return { title: 'The match is over', text: 'Everyone has gone.' }
    case 'cancelled':
      return { title: 'Called off', text: 'The match ended before it began.' }
    case 'aborted':
      return { title: 'Cut short', text: 'The server had to end this match. That was not your fault.' }
    case null:
      return { title: 'You lost your seat', text: 'While you were away the match ended, or went on without you.' }
  }
}
