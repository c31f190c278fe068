import { headOf, knownSeat, offerOf, type SeatOffer } from '../../machines/match/seat-news.ts'
import { isTaken, type SeatedPlayer, seatOf } from '../../machines/match/seats.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { MatchRegistry, Member } from '../registry.ts'
import type { MatchRuntime } from '../runtime/match-runtime.ts'
import type { Ask } from './ask.ts'

interface OfferSeatsParts {
  registry: MatchRegistry
  ask: Ask
  /** Gives a player's seat up. */
  quit: (member: Member) => Promise<unknown>
}

/** Lets players join a match that goes on. */
export function createOfferSeats({ registry, ask, quit }: OfferSeatsParts) {
  /** Seats for all players in a running match; null when it has no room for them, or is gone. */
  async function offerSeats(
    matchId: MatchId,
    players: readonly SeatedPlayer[],
  ): Promise<{ playerId: PlayerId; offer: SeatOffer }[] | null> {
    const runtime = registry.get(matchId)
    if (!runtime) return null
    const { context } = runtime.snapshot
    if (context.seats.filter(isTaken).length + players.length > context.mode.maxSeats) return null
    const offers = await Promise.all(players.map((player) => offerSeat(runtime, player)))
    const made = () => offers.filter((offer) => offer !== null).filter(({ playerId }) => liveSeatIn(runtime, playerId))
    // Takes all players or none: the match may have ended or filled up in between.
    if (made().length < players.length) for (const { playerId } of made()) await quit({ matchId, playerId })
    return made().length > 0 ? made() : null
  }

  async function offerSeat(
    runtime: MatchRuntime,
    player: SeatedPlayer,
  ): Promise<{ playerId: PlayerId; offer: SeatOffer } | null> {
    const { playerId } = player
    if (seatOf(runtime.snapshot.context.seats, playerId)) return null
    await ask(runtime, () => ({ type: 'seat.offered', player }))
    const offer = liveSeatIn(runtime, playerId)
    return offer && { playerId, offer }
  }

  return offerSeats
}

/** The player's seat in a running match as the lobby side knows it, or null. */
function liveSeatIn({ snapshot }: MatchRuntime, playerId: PlayerId): SeatOffer | null {
  const { state, context } = snapshot
  const seat = seatOf(context.seats, playerId)
  if (!seat || !isTaken(seat) || state === 'proposed' || context.outcome !== null) return null
  return offerOf(headOf(snapshot), knownSeat(seat))
}
