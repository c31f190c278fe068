import type { MatchEvent, MatchView } from '../src/client/client.ts'

/** The text for a player whose match is over. */
export interface Ending {
  title: string
  text: string
}

/** The part of the match screen that differs by game: the sheet or the board. */
export interface Table {
  render(view: MatchView): void
  /** The state of play in one line. */
  stateOf(view: MatchView): string
  /** An event of this game as a line of news, or null. */
  storyOf(event: MatchEvent, view: MatchView): string | null
  /** Whose turn it is, in games that have turns. */
  turnOf(view: MatchView): number | null
  /** The result once it is decided; null in games without a winner. */
  verdictOf(view: MatchView): Ending | null
  /** A mark beside the name that identifies a player. */
  signOf(seat: number): Element | null
  heard(fromSeat: number, data: unknown): void
  connected(): void
  disconnected(): void
  /** The end of the match for a player who leaves it. */
  farewellOf(view: MatchView): string
  /** A picture to save, or null. */
  picture(): string | null
}
