import type { Mode } from '../../modes.ts'
import type { Cancel, Clock, EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { Proposal, TicketPlayer } from '../matchmaker/face.ts'
import { createMatchmaker } from '../matchmaker/matchmaker.ts'
import type { RoomLeft } from '../ports.ts'
import type { Entry } from './entries.ts'
import type { createOpponents } from './opponents.ts'
import { toMatchmaker, toTicket } from './tickets.ts'

// So many tickets are looked at before everybody else gets a turn of the loop.
const MAX_WORK = 1_000

interface MatchmakingParts {
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  clock: Clock
  opponents: ReturnType<typeof createOpponents>
  /** Whom these players have blocked. */
  blockedBy: (players: readonly { id: PlayerId }[]) => PlayerId[]
  /** A group is to play, or a ticket to join a match that goes on. */
  propose: (proposal: Proposal) => void
}

export type Matchmaking = ReturnType<typeof createMatchmaking>

/** The matchmaker on the clock: one timer, for the next instant at which it can decide something. */
export function createMatchmaking({ modes, regions, clock, opponents, blockedBy, propose }: MatchmakingParts) {
  const matchmaker = createMatchmaker({ modes: [...modes.values()].map(toMatchmaker), regions })
  const reminders = new Map<string, Cancel>()
  let armedAt: EpochMs | null = null
  let cancelTick: Cancel = () => {}

  function arm(): void {
    const next = matchmaker.nextAt()
    const at = next === null ? null : Math.max(Math.ceil(next), clock.now())
    if (at === armedAt) return
    cancelTick()
    armedAt = at
    if (at !== null) cancelTick = clock.at(at, tick)
  }

  function tick(): void {
    armedAt = null
    for (const proposal of matchmaker.tick(clock.now(), { maxWork: MAX_WORK })) propose(proposal)
    arm()
  }

  function add(entry: Entry): void {
    const { mode, members, queuedAt } = entry
    const now = clock.now()
    const recent = recentOf(entry)
    matchmaker.add(toTicket(entry, now, [...blockedBy(members), ...recent]), now)
    if (recent.length > 0)
      reminders.set(
        entry.id,
        clock.at(queuedAt + mode.matchmaking.avoidRecentMs, () => relent(entry)),
      )
    arm()
  }

  const recentOf = ({ mode, members, queuedAt }: Entry): PlayerId[] => {
    const players = members.map(({ id }) => id)
    return opponents.toAvoid(players, queuedAt, mode.matchmaking.avoidRecentMs)
  }

  /** Nobody else has come: a recent opponent is better than none. */
  function relent(entry: Entry): void {
    reminders.delete(entry.id)
    blocksChanged(entry)
  }

  /** Somebody of a ticket that searches has blocked a player, or lets one be. */
  function blocksChanged(entry: Entry): void {
    const recent = reminders.has(entry.id) ? recentOf(entry) : []
    matchmaker.update(entry.id, { block: [...blockedBy(entry.members), ...recent] }, clock.now())
    arm()
  }

  /** Whether it was searching. */
  function remove({ id }: Entry): boolean {
    reminders.get(id)?.()
    reminders.delete(id)
    const wasThere = matchmaker.remove(id, clock.now())
    arm()
    return wasThere
  }

  function confirm(proposal: Proposal): void {
    for (const { id } of proposal.teams.flat()) {
      reminders.get(id)?.()
      reminders.delete(id)
    }
    matchmaker.confirm(proposal.id)
    arm()
  }

  /** No match could be made of it: the tickets search on. */
  function reject(proposal: Proposal): void {
    matchmaker.reject(proposal.id, { who: [], now: clock.now() })
    arm()
  }

  /** How much room a match that goes on has by now, which may be none. */
  function roomChanged({ matchId, mode, teams }: RoomLeft, ratingOf: (player: { id: string }) => TicketPlayer): void {
    matchmaker.removeBackfill(matchId)
    if (teams) {
      const block = blockedBy(teams.flat())
      const request = { id: matchId, mode, teams: teams.map((team) => team.map(ratingOf)), block }
      matchmaker.addBackfill(request, clock.now())
    }
    arm()
  }

  return {
    add,
    remove,
    confirm,
    reject,
    blocksChanged,
    roomChanged,
    explain: ({ id }: Entry) => matchmaker.explain(id, clock.now()),
    estimate: ({ id }: Entry) => rounded(matchmaker.estimate(id, clock.now())),
    searching: (mode: Mode) => matchmaker.searching(mode.id),
  }
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))
