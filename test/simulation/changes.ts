import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import { isInMatch, isPresent, isTaken, type Seat } from '../../src/machines/match/seats.ts'
import type { EpochMs } from '../../src/ports.ts'
import type { Deadline } from '../../src/protocol/match-view.ts'
import type { KeptTime } from './kept-time.ts'
import type { Write } from './record.ts'

/** The decision that has changed, or null. */
export function changeOfDecided({ context: before }: MatchSnapshot, { context: after }: MatchSnapshot): string | null {
  if (before.outcome !== null && before.outcome !== after.outcome) return `${before.outcome} became ${after.outcome}`
  if (before.result && JSON.stringify(before.result) !== JSON.stringify(after.result)) return 'another result'
  const back = before.seats.find((seat, n) => !isTaken(seat) && JSON.stringify(seat) !== JSON.stringify(after.seats[n]))
  return back ? `seat ${back.seat} was given up` : null
}

/** A change that a deadline makes, before that deadline; or null. */
export function changedTooEarly(
  before: MatchSnapshot,
  { snapshot, lines, at }: Write,
  kept: KeptTime | undefined,
): string | null {
  const { context } = before
  const isKept =
    kept !== undefined && kept.deadline?.name === context.deadline?.name && (lines[0]?.at ?? at) >= kept.since
  const due = Math.max(context.deadline?.at ?? 0, isKept ? (kept.deadline?.at ?? 0) : 0)
  const turn = lines.find((line) => line.type === 'action' && line.seat === null)
  if (turn && (context.game?.deadline?.at ?? 0) > turn.at) return 'a turn ran out'
  if (due <= at || before.state === snapshot.state) return null
  const { state, context: now } = snapshot
  const isClaimed = lines.some(({ type }) => type === 'result.claimed')
  if (before.state === 'countdown' && state === 'playing')
    return now.seats.filter(isPresent).every(({ seat }) => now.ready.includes(seat)) ? null : 'play began'
  if (state === 'settling' && !isClaimed) return 'play was over'
  if (before.state === 'settling' && now.result?.disputed && !everyoneSpoke(now.seats, now.claims))
    return 'claims were settled'
  if (now.outcome === 'abandoned' && now.seats.some(isInMatch)) return 'players were still there'
  if (before.state === 'ended' && state === 'closed') {
    const isEmpty = !now.seats.some(isPresent) && now.spectators.length === 0
    return isEmpty || now.outcome === 'aborted' ? null : 'closed with somebody in it'
  }
  return null
}

const everyoneSpoke = (seats: readonly Seat[], claims: object): boolean =>
  seats.filter(isPresent).every(({ seat }) => Object.hasOwn(claims, seat))

/** The clock that lost time to an outage, or null. */
export function clocksThatLost(
  before: MatchSnapshot,
  after: MatchSnapshot,
  { outageMs, at }: { outageMs: number; at: EpochMs },
): string | null {
  const [old, now] = [before.context, after.context]
  const isKept = before.state === after.state
  if (isKept && old.deadline && (now.deadline?.at ?? 0) < old.deadline.at + outageMs) return `${old.deadline.name}`
  const turn = old.game?.deadline
  if (isKept && turn && (now.game?.deadline?.at ?? 0) < turn.at + outageMs) return `the turn, ${turn.name}`
  if (now.outcome !== null) return null
  const short = now.seats.find((seat) => seat.status === 'away' && seat.until < at + now.mode.graceMs)
  if (short) return `the grace of seat ${short.seat}`
  const gone = now.seats.find((seat, n) => !isTaken(seat) && isTaken(old.seats[n] ?? seat))
  return gone ? `seat ${gone.seat} is gone` : null
}

// The tolerance: from one sign of life to the next, a full disk before the end, and the extra time to come back after
// an outage.
const MOST_ON_TOP_MS = 60_000

/** The clock that runs for longer than an outage explains, or null. */
export function clockThatGained(before: MatchSnapshot, after: MatchSnapshot, outageMs: number): string | null {
  const [old, now] = [before.context, after.context]
  if (before.state !== after.state) return null
  const isLong = (one: Deadline | null | undefined, was: Deadline | null | undefined) =>
    one && was && one.name === was.name && one.at > was.at + outageMs + MOST_ON_TOP_MS
  if (isLong(now.deadline, old.deadline)) return `${now.deadline?.name}`
  return isLong(now.game?.deadline, old.game?.deadline) ? 'the turn' : null
}
