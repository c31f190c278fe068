import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import { isTaken } from '../../src/machines/match/seats.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import type { Archives } from './check-writes.ts'
import type { Answer, Command } from './commands.ts'
import type { Archive } from './record.ts'
import type { Fail } from './violations.ts'

interface AnswerCheckParts {
  fail: Fail
  archives: Archives
  count: { acked: number }
}
interface Asked {
  command: Command
  matchId: string
  playerId: string
  answer: Answer
  /** Whether another process has taken over from the answering one. */
  isFormer: boolean
  /** Whether the command was on the disk when it arrived, some time before its reply. */
  wasDone: boolean
}
// Refusals that a repeated command cannot get any more.
const TOO_LATE_FOR = ['ILLEGAL_ACTION', 'NOT_YOUR_TURN', 'STALE_STATE', 'ID_REUSED', 'PAUSED']
// The effects of these may be over when a late reply comes.
const PASSING = ['match:pause', 'match:resume', 'match:ready', 'match:rematch']

/** The part of a reply that never changes; its game is the current one. */
const essenceOf = (answer: Answer): string => text('seq' in answer ? { ok: answer.ok, seq: answer.seq } : answer)

/** Checks every reply: an accepted command is on the disk at that instant, exactly once, and stays there. */
export function createAnswerChecks({ fail, archives, count }: AnswerCheckParts) {
  const acts = new Map<string, { text: string; matchId: string; uid: number }>()

  /** Whether a command is on the disk already. */
  const isDone = (matchId: string, { event, uid }: Command): boolean => {
    const archive = archives.get(matchId)
    return archive !== undefined && event === 'match:act' && linesOf(archive, uid).length > 0
  }

  function answered({ command, matchId, playerId, answer, isFormer, wasDone }: Asked): void {
    const archive = archives.get(matchId)
    if (!archive || archive.isDamaged) return
    if (!answer.ok) {
      // A former owner refuses by its old state.
      if (wasDone && !isFormer && TOO_LATE_FOR.includes(answer.error.code))
        fail('[DL2] the same id, the same answer', `${playerId}: ${text(command)}: ${answer.error.code}`)
      return
    }
    count.acked += 1
    const seat = archive.snapshot.context.seats.find((one) => one.playerId === playerId)
    const why =
      seat && !(isFormer && PASSING.includes(command.event)) ? untrue(archive, seat.seat, command, answer) : null
    if (why) fail('[ST1] [DL1] what was acked is stored', `${playerId} in ${matchId}: ${text(command)}: ${why}`)
    if (command.event === 'match:act') checkRepetition(command, matchId, essenceOf(answer))
  }

  function checkRepetition({ uid }: Command, matchId: string, answer: string): void {
    const key = `${matchId} ${uid}`
    const first = acts.get(key)
    if (first && first.text !== answer)
      fail('[DL2] the same id, the same answer', `${uid} in ${matchId}: ${first.text}, then ${answer}`)
    acts.set(key, { text: answer, matchId, uid })
  }

  /** At the end: acked commands are still there, and happened once. */
  function finish(): void {
    for (const [matchId, archive] of archives) {
      const uids = archive.lines.flatMap((line) => uidOf(line) ?? [])
      if (new Set(uids).size !== uids.length) fail('[DL2] an action happens once', matchId)
    }
    for (const { matchId, uid } of acts.values()) {
      const archive = archives.get(matchId)
      if (archive && !archive.isDamaged && linesOf(archive, uid).length !== 1)
        fail('[ST1] [DL1] what was acked is stored', `action ${uid} of ${matchId}`)
    }
  }

  return { isDone, answered, finish }
}

export type AnswerChecks = ReturnType<typeof createAnswerChecks>

/** How an accepted command contradicts the state, or null. */
function untrue({ lines, snapshot }: Archive, seat: number, command: Command, answer: Answer): string | null {
  const { context, state } = snapshot
  const isOver = (snapshot: MatchSnapshot) => snapshot.context.outcome !== null
  switch (command.event) {
    case 'match:act': {
      const line = lines[Number('seq' in answer && answer.seq) - 1]
      return line && uidOf(line) === command.uid ? null : `${text(answer)}, but there is ${text(line)}`
    }
    case 'match:set': {
      const version = 'version' in answer ? answer.version : 0
      const isThere = lines.some(
        (line) =>
          line.type === 'property.set' &&
          line.seat === seat &&
          line.version === version &&
          text(line.value) === text(command.payload.value),
      )
      return isThere ? null : `no such version as ${text(answer)}`
    }
    case 'match:finish':
      if ('agreed' in answer && answer.agreed && !context.result) return 'there is no result'
      return lines.some((line) => line.type === 'result.claimed' && line.seat === seat) ? null : 'no claim'
    case 'match:leave':
      return context.seats[seat]?.status === 'left' || isOver(snapshot) ? null : 'the seat is not given up'
    case 'match:accept':
      return context.accepted.includes(seat) ? null : 'not accepted'
    case 'match:decline':
      return context.seats.filter(isTaken).some((one) => one.seat === seat) ? 'not declined' : null
    case 'match:pause':
      return state === 'paused' ? null : `the match is ${state}`
    case 'match:resume':
      return state === 'playing' || isOver(snapshot) ? null : `the match is ${state}`
    case 'match:ready':
      return context.ready.includes(seat) ? null : 'not ready'
    case 'match:rematch':
      return context.rematch?.accepted.includes(seat) === command.payload.accept ? null : 'no answer to a rematch'
    case 'match:join':
    case 'match:sync':
      return null
  }
}

/** The command that an action came from: its number travels in the data. */
function uidOf(line: MatchEvent): number | null {
  if (line.type !== 'action' || line.seat === null) return null
  const { data } = line.action
  return typeof data === 'object' && data !== null && 'uid' in data ? Number(data.uid) : null
}
const linesOf = ({ lines }: Archive, uid: number): MatchEvent[] => lines.filter((line) => uidOf(line) === uid)
const text = (value: unknown): string => JSON.stringify(value)
