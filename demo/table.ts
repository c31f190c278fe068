import type { MatchEvent, MatchView } from '../src/client/client.ts'

/** What to tell a player whose match is over. */
export interface Ending {
  title: string
  text: string
}

/** What a match is about, the sheet or the board. All around it is the same: who is there, and what goes on. */
export interface Table {
  render(view: MatchView): void
  /** What play is at, in one line. */
  stateOf(view: MatchView): string
  /** What an event means in this game; null for nothing worth a line. */
  storyOf(event: MatchEvent, view: MatchView): string | null
  /** Whose turn it is, in games that have turns. */
  turnOf(view: MatchView): number | null
  /** How it came out, once that is decided; null in games that nobody wins. */
  verdictOf(view: MatchView): Ending | null
  /** What beside the name tells a player apart. */
  signOf(seat: number): Element | null
  heard(fromSeat: number, data: unknown): void
  connected(): void
  disconnected(): void
  /** What becomes of the match when I leave it. */
  farewellOf(view: MatchView): string
  /** A memento, or null when there is nothing to keep. */
  picture(): string | null
}
