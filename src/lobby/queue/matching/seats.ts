import type { Mode } from '../../../config/modes.ts'
import type { Proposal } from '../../../matchmaker/api.ts'
import type { EpochMs } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import type { Ticket } from '../tickets/tickets.ts'

interface SeatFor {
  playerId: PlayerId
  name: string
  queuedAt: EpochMs
  team?: number
}

/** The players of a proposal in the order of their seats: the teams in turn; without teams the seats decide. */
export function seatsOf({ teamCount }: Mode, { teams }: Proposal, group: readonly Ticket[]): SeatFor[] {
  const byTeam = teams.map((tickets, team) =>
    tickets.flatMap(({ id }) =>
      playersOf(
        group.find((ticket) => ticket.id === id),
        teamCount === null ? {} : { team },
      ),
    ),
  )
  const largest = Math.max(...byTeam.map(({ length }) => length))
  return Array.from({ length: largest }, (_, n) => byTeam.flatMap((players) => players[n] ?? [])).flat()
}

const playersOf = (ticket: Ticket | undefined, place: { team?: number }): SeatFor[] =>
  (ticket?.members ?? []).map(({ id, name }) => ({ playerId: id, name, queuedAt: ticket?.queuedAt ?? 0, ...place }))
