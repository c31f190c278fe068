import type { Viewer } from '../../config/rules.ts'
import type { MatchSnapshot } from '../../machines/match/match-step.ts'
import { gamesSeenBy, lineSeenBy, shareLines, visibilityIn } from '../../machines/match/match-view.ts'
import type { Elapsed, Log } from '../../ports.ts'
import type { MatchEvent } from '../../protocol/match-view.ts'
import type { Connections } from '../connections.ts'
import type { ModeRules } from '../mode-rules.ts'
import type { Audience, Seen } from '../ports.ts'
import { SLICE_MS } from '../runtime/mailbox.ts'
import type { Committed, ToldStep } from '../runtime/stored-match.ts'

interface LinePublisherParts {
  modeRules: ModeRules
  audience: Pick<Audience, 'tell'>
  connections: Pick<Connections, 'viewers'>
  /** The number of viewers for whom views are made at a time. */
  elapsed: Elapsed
  log: Log
}

/** Sends the log lines of stored steps to the members, each line as the member may see it. */
export function createLinePublisher({ modeRules, audience, connections, elapsed, log }: LinePublisherParts) {
  // All members get the same lines, unless a line has something that not all may see.
  function tell({ after, lines, steps }: Committed): void | Promise<void> {
    if (!steps.some(isPrivate)) return hand(after, lines)
    return tellApart(steps)
  }

  function isPrivate({ snapshot, lines }: ToldStep): boolean {
    const { referee, properties } = modeRules.rulesOf(snapshot)
    return lines.some(
      (line) =>
        (referee !== null && showsGame(line)) ||
        (line.type === 'property.set' &&
          visibilityIn(snapshot.context.properties, line.key, properties.visibility) !== 'public'),
    )
  }

  async function tellApart(steps: readonly ToldStep[]): Promise<void> {
    for (const step of steps) {
      const { snapshot, lines } = step
      await (isPrivate(step) ? lookedAt(step).then((seen) => hand(snapshot, lines, seen)) : hand(snapshot, lines))
    }
  }

  function hand(
    { context: { matchId } }: MatchSnapshot,
    lines: readonly MatchEvent[],
    seen?: Seen,
  ): void | Promise<void> {
    const failed = (err: unknown) => log.error({ match: matchId, err }, 'a step could not be told, all else goes on')
    try {
      const telling = audience.tell(matchId, lines, seen)
      if (telling) return telling.catch(failed)
    } catch (err) {
      failed(err)
    }
  }

  /** The lines of a step for each viewer. A fault of the rules is passed on: it ends the match. */
  async function lookedAt({ snapshot, lines }: ToldStep): Promise<Seen> {
    const whos = [...connections.viewers(snapshot.context.matchId)]
    const { referee } = modeRules.rulesOf(snapshot)
    const isMove = referee !== null && lines.some(showsGame)
    const share = shareLines()
    const seen = new Map<Viewer, readonly MatchEvent[]>()

    function look(): [Viewer, readonly MatchEvent[]][] {
      const some = inTime(whos.slice(seen.size))
      const eyesOf = (who: Viewer) => modeRules.eyesOf(snapshot, who)
      const games = isMove ? gamesSeenBy(snapshot, some, eyesOf('spectator')) : new Map<Viewer, unknown>()
      const seenBy = (who: Viewer) =>
        lines.map((line) => share(line, lineSeenBy(line, snapshot, eyesOf(who), games.get(who))))
      return Array.from(games.size > 0 ? games.keys() : some, (who) => [who, seenBy(who)])
    }
    // Starts one time limit for as many views as a few milliseconds allow: a time limit costs more than a view.
    while (seen.size < whos.length) {
      for (const [who, its] of await (referee ? modeRules.inTurn(snapshot, look) : look())) seen.set(who, its)
    }
    return seen
  }

  function* inTime(whos: readonly Viewer[]): Generator<Viewer> {
    const began = elapsed()
    for (const who of whos) {
      yield who
      if (elapsed() - began >= SLICE_MS) return
    }
  }

  return tell
}

const showsGame = (line: MatchEvent): boolean =>
  line.type === 'action' || (line.type === 'state.changed' && line.state === 'playing')
