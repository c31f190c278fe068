import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import type { EpochMs } from '../../src/ports.ts'
import type { Deadline, MatchEvent } from '../../src/protocol/match-view.ts'

/** Until this instant no clock of a match may run out, after its process stood still. */
export interface KeptTime {
  /** When the process went on; steps made before and written later are not checked. */
  since: EpochMs
  seats: Map<number, EpochMs>
  deadline: Deadline | null
  turn: Deadline | null
}
interface Stall {
  from: EpochMs
  ms: number
}

/** The remainder of each clock at the beginning of a stall must remain after it. */
export function keptThrough(snapshot: MatchSnapshot, { from, ms }: Stall, known?: KeptTime): KeptTime {
  const { seats, deadline, game } = snapshot.context
  const later = (at: EpochMs, before = 0) => Math.max(at, before) + ms
  const moved = (one: Deadline | null | undefined, before: Deadline | null | undefined): Deadline | null =>
    one && one.at > from ? { ...one, at: later(one.at, before?.name === one.name ? before.at : 0) } : null
  const untils = seats.flatMap((seat): [number, EpochMs][] => {
    const until = seat.status === 'away' || seat.status === 'reserved' ? seat.until : undefined
    return until !== undefined && until > from ? [[seat.seat, later(until, known?.seats.get(seat.seat))]] : []
  })
  return {
    since: from + ms,
    seats: new Map(untils),
    deadline: moved(deadline, known?.deadline),
    turn: moved(game?.deadline, known?.turn),
  }
}

/** The clock that ran out too early by this line, or null. A player who returns or acts has a new clock. */
export function ranOutTooEarly(kept: KeptTime, before: MatchSnapshot, line: MatchEvent): string | null {
  const isEarly = (due: EpochMs | undefined) => due !== undefined && line.at >= kept.since && line.at < due
  if (line.type === 'player.back' || line.type === 'player.joined') kept.seats.delete(line.seat)
  if (line.type === 'player.forfeited') {
    const isAway = before.context.seats[line.seat]?.status === 'away'
    return isAway && isEarly(kept.seats.get(line.seat)) ? `the grace of seat ${line.seat}` : null
  }
  if (line.type === 'player.left' && (line.why === 'noShow' || line.why === 'notAccepted')) {
    const seat = before.context.seats[line.seat]
    const hasOwn = seat?.status === 'reserved' && seat.until !== undefined
    const isShared = !hasOwn && kept.deadline?.name === before.context.deadline?.name
    const due = kept.seats.get(line.seat) ?? (isShared ? kept.deadline?.at : undefined)
    return isEarly(due) ? `the seat ${line.seat} was given up` : null
  }
  if (line.type !== 'action') return null
  const early = line.seat === null && isEarly(kept.turn?.at) ? 'a turn' : null
  kept.turn = null
  return early
}
