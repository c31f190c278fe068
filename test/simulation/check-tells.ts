import { isTaken } from '../../src/machines/match/seats.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import type { Archives } from './check-writes.ts'
import { type Joined, secretsIn } from './commands.ts'
import type { Connection } from './gateway.ts'
import { type Archive, membersOf, type Role } from './record.ts'
import type { Fail } from './violations.ts'

interface TellCheckParts {
  fail: Fail
  archives: Archives
  /** Matches that this process was told to let go of. */
  fencedFrom: ReadonlySet<string>
  /** Whether another process has taken over from this one. */
  isFormer: () => boolean
  /** Whether the disk may keep older lines to itself just now. */
  isUnreadable: () => boolean
  count: { lines: number }
}
interface Shown {
  playerId: string
  role: Role
  payload: MatchEvent | Joined
}
/** The hidden parts in the view of rock–paper–scissors. */
interface Table {
  yours: unknown
}
type Since = { epoch: number; seq: number } | undefined

/** Checks everything that one process sends to its players. */
export function createTellChecks({ fail, archives, fencedFrom, isFormer, isUnreadable, count }: TellCheckParts) {
  /** The output of the core, before it is adapted to each viewer. */
  function spoken(matchId: string, lines: readonly MatchEvent[]): void {
    const archive = archives.get(matchId)
    if (fencedFrom.has(matchId)) fail('[MT13] a former owner says nothing', matchId)
    for (const line of lines) {
      const text = JSON.stringify(line)
      if (archive?.texts[line.seq - 1] !== text) fail('[MT12] nothing is told before it is stored', text)
    }
  }

  function told(to: Connection, line: MatchEvent): void {
    count.lines += 1
    const { position, playerId } = to
    const archive = archives.get(to.place?.matchId ?? '')
    const role = archive?.hearers[line.seq - 1]?.get(playerId)
    if (!archive || !role) fail('[MT10] only members hear', `${playerId}: ${text(line)}`)
    else checkHidden(archive, { playerId, role, payload: line })
    if (line.seq !== position.seq + 1 || line.epoch < position.epoch)
      fail('[MT11] nothing is missed or heard twice', `${to.id} at ${text(position)} heard ${text(line)}`)
    to.position = { epoch: line.epoch, seq: line.seq }
  }

  /** The reply to a join or sync, before anything else is sent to that connection. */
  function answered(to: Connection, joined: Joined, since: Since): void {
    const { matchId, state } = joined.match
    const archive = archives.get(matchId)
    if (!archive) return fail('[MT10] only members are let in', `${to.id} ${matchId}`)
    // A former owner that does not know it yet answers from its old state.
    if (joined.epoch === archive.epoch) {
      const role = membersOf([archive.snapshot]).get(to.playerId)
      if (!role) return fail('[MT10] only members are let in', `${to.id} ${matchId}`)
      if (joined.seq !== archive.lines.length || state !== archive.snapshot.state)
        fail('[MT11] the view is that of the log', `${matchId} ${state} at ${joined.seq} of ${archive.lines.length}`)
      checkHidden(archive, { playerId: to.playerId, role, payload: joined })
    }
    if (to.isOpen && to.place?.matchId === matchId && joined.seq !== to.position.seq)
      fail('[MT11] nothing is missed or heard twice', `${to.id} at ${text(to.position)} was shown ${joined.seq}`)
    const isWithout = isUnreadable() && joined.events.length === 0
    if (!isFormer() && !isWithout) checkTail(archive, joined, since)
  }

  function checkTail(archive: Archive, { events, seq, epoch }: Joined, since: Since): void {
    const first = seq - events.length + 1
    const isWhole = events.every((line, n) => line.seq === first + n && isSameLine(line, archive.lines[line.seq - 1]))
    const isAll = since?.epoch !== epoch || since.seq > seq || events.length === seq - since.seq
    if (!isWhole || !isAll) fail('[MT11] the tail is that of the log', `${text(since)}: ${text(events)}`)
  }

  function checkHidden(archive: Archive, { playerId, role, payload }: Shown): void {
    const shown = text(payload)
    for (const { who, playerId: owner } of secretsIn(shown)) {
      if (who === 'own' ? owner !== playerId : role === 'spectator')
        fail('[DL6] what is hidden stays hidden', `${playerId} was shown ${shown}`)
    }
    const { mode, game, seats } = archive.snapshot.context
    const view = ('match' in payload ? payload.match.game : 'game' in payload ? payload.game : null) as Table | null
    if (mode.id !== 'rps' || !game || !view || isFormer()) return
    const seat = seats.find((one) => one.playerId === playerId && isTaken(one))?.seat
    // Several steps are written at once; the log has the throws of the earlier ones.
    const isLast = payload.seq === archive.lines.length
    const mine = seat === undefined ? null : isLast ? hiddenOf(game.state, seat) : thrownBy(archive, seat, payload.seq)
    if ('hidden' in view || (view.yours !== null && view.yours !== mine))
      fail('[RU2] a throw stays face down', `${playerId} was shown ${shown}`)
  }

  function dismissed(matchId: string, { outcome }: { outcome: string }): void {
    const archive = archives.get(matchId)
    if (fencedFrom.has(matchId)) fail('[MT13] a former owner says nothing', matchId)
    if (archive?.snapshot.state !== 'closed' || archive.snapshot.context.outcome !== outcome)
      fail('[MT12] nothing is told before it is stored', `${matchId} closed as ${outcome}`)
  }

  return { spoken, told, answered, dismissed }
}
export type TellChecks = ReturnType<typeof createTellChecks>

const text = (value: unknown): string => JSON.stringify(value)

// Leaves out the parts that differ between seats.
const isSameLine = (line: MatchEvent, stored: MatchEvent | undefined): boolean =>
  stored !== undefined && line.type === stored.type && line.at === stored.at && line.epoch === stored.epoch

const hiddenOf = (state: unknown, seat: number): unknown => (state as { hidden: unknown[] }).hidden[seat]

/** The last throw of a seat, up to a line of the log. */
function thrownBy({ lines }: Archive, seat: number, seq: number): unknown {
  const thrown = lines.slice(0, seq).findLast((line) => line.type === 'action' && line.seat === seat)
  return thrown?.type === 'action' ? (thrown.action.data as { throw: unknown }).throw : null
}
