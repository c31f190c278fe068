import type { MatchContext } from '../machines/match-context.ts'
import type { MatchSnapshot } from '../machines/match-step.ts'
import { gameSeenBy, lineSeenBy } from '../machines/match-view.ts'
import type { Log } from '../ports.ts'
import type { MatchEvent } from '../protocol/match-view.ts'
import { type Directory, offersOf } from './directory.ts'
import type { Listener } from './match-runtime.ts'
import type { MatchStore } from './match-store.ts'
import type { ModeRules } from './mode-rules.ts'
import type { Audience, MatchNews } from './ports.ts'
import { isTaken, type Seat } from './seats.ts'

interface TellingParts {
  directory: Directory
  modeRules: ModeRules
  audience: Audience
  news: MatchNews
  store: MatchStore
  log: Log
  openRematch: (context: MatchContext) => void
}

/** What becomes of a step once it is stored: who hears what of it, who is let go, and who else waits for it. */
export function createListener(parts: TellingParts): Listener {
  const { directory, modeRules, audience, news, store, log, openRematch } = parts

  // Everyone hears the same, unless a line holds something that not all may see.
  function tell(snapshot: MatchSnapshot, lines: readonly MatchEvent[]): void {
    const { referee, properties } = modeRules.rulesOf(snapshot)
    const isPrivate = (line: MatchEvent) =>
      (line.type === 'action' && referee !== null) ||
      (line.type === 'property.set' && line.key in properties.visibility)
    const { matchId } = snapshot.context
    if (!lines.some(isPrivate)) return audience.tell(matchId, lines)
    audience.tell(matchId, lines, (who) => {
      const eyes = modeRules.eyesOf(snapshot, who)
      const game = gameSeenBy(snapshot, eyes)
      return lines.map((line) => lineSeenBy(line, snapshot, eyes, game))
    })
  }

  function releaseLeavers(before: MatchContext, { matchId, seats, spectators }: MatchContext): void {
    for (const { playerId } of newlyLeft(before.seats, seats)) audience.release(matchId, playerId)
    for (const { playerId } of before.spectators) {
      if (!spectators.some((one) => one.playerId === playerId)) audience.release(matchId, playerId)
    }
  }

  function report(before: MatchSnapshot, { state, context }: MatchSnapshot): void {
    const { matchId, seats, accepted, rematch } = context
    if (accepted.length > before.context.accepted.length) {
      const players = seats.map(({ playerId }) => playerId)
      news.progressed({ matchId, accepted: accepted.length, size: seats.length, players })
    }
    if (before.state === 'proposed' && state !== 'proposed' && context.outcome === null)
      news.confirmed(offersOf(context))
    if (context.outcome !== null && before.context.outcome === null) ended(context, before.state)
    if (rematch?.matchId && !before.context.rematch?.matchId) openRematch(context)
  }

  function ended(context: MatchContext, from: MatchSnapshot['state']): void {
    const { matchId, mode, outcome, seats } = context
    log.info({ match: matchId, mode: mode.id, outcome, from }, 'match ended')
    directory.unseat(matchId, seats)
    if (outcome === 'cancelled') news.cancelled({ ...sides(seats), matchId, mode: mode.id })
  }

  function close({ matchId, outcome, result }: MatchContext): void {
    if (outcome) audience.dismiss(matchId, { outcome, ...(result && { result }) })
    const runtime = directory.get(matchId)
    if (runtime) directory.remove(runtime)
    store.remove(matchId).catch((fault: unknown) => log.error({ match: matchId, err: fault }, 'match was not removed'))
  }

  return {
    committed({ before, after, lines }) {
      tell(after, lines)
      directory.unseat(after.context.matchId, newlyLeft(before.context.seats, after.context.seats))
      report(before, after)
      if (after.state === 'closed') close(after.context)
      else releaseLeavers(before.context, after.context)
    },
    fenced(runtime) {
      log.error({ match: runtime.id }, 'match is written by someone else, let go of it')
      directory.remove(runtime)
    },
  }
}

const newlyLeft = (before: readonly Seat[], after: readonly Seat[]): Seat[] =>
  after.filter((seat, n) => !isTaken(seat) && isTaken(before[n] ?? seat))

/** Who of a match that did not come about kept their part of the deal, who did not, and how. */
function sides(seats: readonly Seat[]) {
  const innocent = seats.filter(isTaken)
  const others = seats.filter((seat) => !isTaken(seat))
  const why = new Set(others.flatMap((seat) => (seat.status === 'left' ? [seat.why] : [])))
  if (why.has('quit') || why.has('declined')) return { innocent, others, reason: 'declined' as const }
  return { innocent, others, reason: why.has('notAccepted') ? ('notAccepted' as const) : ('noShow' as const) }
}
