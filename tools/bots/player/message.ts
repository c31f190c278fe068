import type { Numbered } from '../ledger/page.ts'

/** What the bots send each other. */
export interface Message extends Numbered {
  matchId: string
  /** When it was sent, on the clock of `performance.now()`. */
  at: number
}

/** The message, or null when it does not belong to this match or comes from another seat than it says. */
export function readMessage(data: unknown, { matchId, fromSeat }: { matchId: string; fromSeat: number }) {
  if (typeof data !== 'object' || data === null) return null
  const message = data as Message
  return message.matchId === matchId && message.from === fromSeat ? message : null
}
