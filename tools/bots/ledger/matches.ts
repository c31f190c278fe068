import type { Blame } from '../faults.ts'

/** How many players a match may have. */
export interface Size {
  min: number
  max: number
}
/** The part of a match's view that has its players. */
export interface Seating {
  matchId: string
  seats: readonly { seat: number; playerId: string }[]
}
/** A match, and the bots that were told of it. */
interface Match {
  readonly told: Set<string>
  wasPlayed: boolean
}

/** Checks that matches have the right players, and that no bot is in two of them at once. */
export function createMatches(size: Size, blame: Blame) {
  const bots = new Set<string>()
  const matches = new Map<string, Match>()
  const current = new Map<string, string>()

  return {
    /** A player of another run: its deliveries cannot be checked. */
    admit: (bot: string): void => void bots.add(bot),

    /** The bot has a seat from now on; call the returned function when it is over. */
    offered(bot: string, matchId: string): void {
      const other = current.get(bot)
      if (other !== undefined && other !== matchId) blame('a bot was in two matches at once')
      current.set(bot, matchId)
      const match = matches.get(matchId) ?? { told: new Set(), wasPlayed: false }
      match.told.add(bot)
      matches.set(matchId, match)
    },
    over(bot: string, matchId: string): void {
      if (current.get(bot) === matchId) current.delete(bot)
    },

    /** Looks at a match through the eyes of a bot that plays it in this seat. */
    played(bot: string, ownSeat: number, { matchId, seats }: Seating): void {
      const players = new Set(seats.map(({ playerId }) => playerId))
      const isOwn = seats.some(({ seat, playerId }) => seat === ownSeat && playerId === bot)
      if (!isOwn) blame('a bot did not find itself in the seat it was given')
      if (seats.length < size.min || seats.length > size.max) blame('a match had the wrong number of seats')
      if (players.size < seats.length) blame('a player had two seats in one match')
      if (new Set(seats.map(({ seat }) => seat)).size < seats.length) blame('two players had the same seat')
      if (!players.isSubsetOf(bots)) blame('a player who is not one of the bots was in a match')
      const match = matches.get(matchId)
      if (!match) return blame('a bot played a match that it was not told of')
      match.wasPlayed = true
      if (!players.isSubsetOf(match.told)) blame('a match had a player who was not told of it')
    },

    made: (): number => matches.size,
    /** Those that at least one bot saw begin. */
    begun: (): number => [...matches.values()].filter(({ wasPlayed }) => wasPlayed).length,
  }
}
