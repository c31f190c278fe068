import type { MatchEvent, MatchView } from '../../src/client/client.ts'
import { secondsUntil } from '../clock.ts'
import type { Ending } from '../table.ts'
import { nameIn, namesOf, othersIn } from '../view.ts'
import { type Game, lineIn, markedCell, placeOf, readGame } from './game.ts'

/** Why a seat was given up. */
export type Gone = 'left' | 'forfeited'

/** The result of a game; the stamp is for a board without a winning line. */
export interface Verdict extends Ending {
  stamp: string | null
}
const LAST_SECONDS = 10

/** The turn and its remaining time in one line. */
export function stateOf(view: MatchView, mine: number): string {
  const game = readGame(view.game)
  if (!game) return 'Get ready'
  const left = view.deadline ? secondsUntil(view.deadline.at) : 0
  if (game.turn === mine) return `Your turn · ${left} s`
  const other = view.seats.find(({ seat }) => seat === game.turn)
  if (other?.status !== 'away') return `${nameIn(view, game.turn)}’s turn · ${left} s`
  // The earlier of the turn's end and the grace's end.
  const back = other.until === undefined ? left : Math.min(left, secondsUntil(other.until))
  return `Waiting for ${other.name} · ${back} s`
}

/** The same for screen readers: when the turn changes, and again when time gets short. */
export function turnAloud(view: MatchView, mine: number): string {
  const game = readGame(view.game)
  if (!game || view.state !== 'playing') return ''
  if (game.turn !== mine) return `${nameIn(view, game.turn)}’s turn`
  const isShort = view.deadline !== null && secondsUntil(view.deadline.at) <= LAST_SECONDS
  return isShort ? `Your turn, ${LAST_SECONDS} seconds left` : 'Your turn'
}

export function storyOf(event: MatchEvent, view: MatchView, mine: number): string | null {
  if (event.type !== 'action' || event.seat === null) return null
  const cell = markedCell(event.action)
  if (cell === null) return null
  return `${event.seat === mine ? 'You' : nameIn(view, event.seat)} took ${placeOf(cell)}`
}

export const farewellOf = (view: MatchView, mine: number): string =>
  readGame(view.game) ? `So ${namesOf(othersIn(view, mine))} won.` : 'The game had not begun.'

export function verdictOf(view: MatchView, mine: number, gone: Gone | null): Verdict | null {
  const { result } = view
  if (!result) return null
  const [best = []] = result.placements
  const game = readGame(view.game)
  if (best.length > 1) return { title: 'A draw', text: 'The board is full, with no three in a row.', stamp: 'Draw' }
  const winner = best[0] ?? mine
  const title = winner === mine ? 'You won' : `${nameIn(view, winner)} won`
  return { title, ...reasonOf(game, view, { mine, winner, gone }) }
}

interface Decision {
  mine: number
  winner: number
  gone: Gone | null
}
function reasonOf(
  game: Game | null,
  view: MatchView,
  { mine, winner, gone }: Decision,
): { text: string; stamp: string | null } {
  const loser = othersIn(view, winner)[0]?.name ?? 'Someone'
  if (game && game.timedOut !== null) {
    return { text: winner === mine ? `${loser} ran out of time.` : 'You ran out of time.', stamp: 'Time is up' }
  }
  if (game && lineIn(game)) return { text: 'Three in a row.', stamp: null }
  if (winner !== mine) return { text: 'You gave the game up.', stamp: 'Given up' }
  const text = gone === 'forfeited' ? `${loser} stayed away for too long.` : `${loser} left in the middle of the game.`
  return { text, stamp: gone === 'forfeited' ? 'Not back in time' : 'Given up' }
}
