import type { PlayerId } from '../../protocol/ids.ts'
import type { Player } from '../ports.ts'
import type { SeatIndex } from '../seats/seat-index.ts'
import type { Matchmaking } from './matching/matchmaking.ts'
import type { OpenMatches } from './matching/open-matches.ts'
import type { Excuses } from './penalties/excuses.ts'
import type { Lifecycle } from './tickets/lifecycle.ts'
import type { TicketRegistry } from './tickets/tickets.ts'

interface PlayerChangesParts {
  tickets: TicketRegistry
  lifecycle: Lifecycle
  matchmaking: Pick<Matchmaking, 'refresh'>
  openMatches: Pick<OpenMatches, 'blocksChanged'>
  excuses: Excuses
  seats: Pick<SeatIndex, 'liveSeatOf' | 'proposalOf'>
  isDrained: () => boolean
}

/** What a change of a player does to their ticket: presence, name, blocks and party. */
export function createPlayerChanges(parts: PlayerChangesParts) {
  const { tickets, lifecycle, matchmaking, openMatches, excuses, seats, isDrained } = parts

  /** The player's first connection has come. */
  function arrived(playerId: PlayerId): void {
    const matchId = seats.proposalOf(playerId)?.matchId ?? seats.liveSeatOf(playerId)?.matchId
    if (matchId) excuses.seen(matchId, playerId)
    attend(playerId)
  }

  // A ticket is held while a player is away, and searches on, as old as it was, once all are present.
  function attend(playerId: PlayerId): void {
    const ticket = tickets.of(playerId)
    if (ticket && !isDrained()) lifecycle.attend(ticket)
  }

  /** The player has another name now, also in the match that is still to come. */
  function renamed({ id, name }: Pick<Player, 'id' | 'name'>): void {
    const ticket = tickets.of(id)
    if (ticket?.members.some((member) => member.id === id && member.name !== name)) lifecycle.rename(ticket, id, name)
  }

  /** The player blocks another player, or no longer does, which counts for the ticket too. */
  function blocksChanged(playerId: PlayerId): void {
    const ticket = tickets.of(playerId)
    if (ticket) matchmaking.refresh(ticket)
    openMatches.blocksChanged(playerId)
  }

  /** A player has joined or left a party: the tickets of its members were made for other players, and end. */
  function partyChanged(playerIds: readonly PlayerId[]): void {
    for (const ticket of new Set(playerIds.flatMap((id) => tickets.of(id) ?? []))) {
      lifecycle.apply(ticket, { type: 'party.changed' })
    }
  }

  return { arrived, departed: attend, renamed, blocksChanged, partyChanged }
}
