import { isDeepStrictEqual } from 'node:util'
import type { Blame } from '../faults.ts'
import type { Answer, Asked, Diary } from './history.ts'
import type { Log, Logs } from './logs.ts'

// After one of these refusals the action did not happen; a repetition of one that did gets its reply.
const NO: ReadonlySet<string> = new Set(['ILLEGAL_ACTION', 'NOT_YOUR_TURN', 'ID_REUSED', 'STALE_STATE'])

/** What became of the acks of one client. */
export interface AckCount {
  acked: number
  /** Asked more than once, since no reply came. */
  retried: number
  /** How many of them had happened the first time. */
  again: number
  /** Acked actions of matches whose log no bot has seen so far. */
  unproven: number
}

/** Checks the acks: an acked action is in the log once, and gets the same reply again. */
export function checkAcks({ playerId, entries }: Diary, logs: Logs, blame: Blame): AckCount {
  const count: AckCount = { acked: 0, retried: 0, again: 0, unproven: 0 }
  const asks = entries.filter((entry): entry is Asked => entry.is === 'asked')
  const seats = new Map<string, number>()
  const tries = new Map<string, Asked[]>()

  for (const ask of asks) {
    const { matchId, event, asking, reply } = ask
    if (event === 'match:join' && matchId && typeof reply?.you?.seat === 'number') seats.set(matchId, reply.you.seat)
    if (event === 'match:act' && matchId) {
      const key = `${matchId} ${asking.id}`
      tries.set(key, [...(tries.get(key) ?? []), ask])
    }
    if (event === 'match:set' && matchId && reply?.ok) checkSet(ask, logs.get(matchId), blame, count)
  }
  for (const same of tries.values()) {
    if (same.length > 1) count.retried += 1
    checkAct({ playerId, same, seats, logs, blame, count })
  }
  return count
}

interface Act {
  playerId: string
  /** All the times that the same id was asked. */
  same: readonly Asked[]
  seats: ReadonlyMap<string, number>
  logs: Logs
  blame: Blame
  count: AckCount
}

function checkAct({ playerId, same, seats, logs, blame, count }: Act): void {
  const [first] = same
  const log = logs.get(first?.matchId ?? '')
  const seat = seats.get(first?.matchId ?? '')
  if (!first || !log || seat === undefined) return
  const { type, data, id } = first.asking
  const what = `action ${id} of ${playerId} in ${log.matchId}`
  const acks = same.flatMap(({ reply }) => (reply?.ok ? [reply] : []))
  if (acks.length > 0) count.acked += 1
  if (acks.some((ack) => !isSameReply(ack, acks[0]))) blame('duplicated', `${what} was acked as ${textOf(acks)}`)

  const isIt = (seq: number) => {
    const line = log.lines.get(seq)
    if (line?.type !== 'action' || line.seat !== seat) return false
    return line.action.type === type && isDeepStrictEqual(line.action.data, data)
  }
  for (const { seq = 0 } of acks.slice(0, 1)) {
    if (isIt(seq)) {
      const isOld = (log.lines.get(seq)?.at ?? 0) < (same.at(-1)?.askedAt ?? 0)
      if (isOld && same.length > 1) count.again += 1
      continue
    }
    if (log.lines.has(seq)) blame('lost', `${what} was acked as line ${seq}, which says something else`)
    else if (log.isStored) blame('lost', `${what} was acked as line ${seq}, which is not there`)
    else count.unproven += 1
  }
  const refused = same.find(({ reply }) => reply?.error && NO.has(reply.error.code))
  if (refused && [...log.lines.keys()].some(isIt))
    blame('duplicated', `${what} happened, and was refused with ${refused.reply?.error?.code} when it was asked again`)
}

function checkSet({ asking: { key, value }, reply }: Asked, log: Log | undefined, blame: Blame, count: AckCount): void {
  count.acked += 1
  const lines = [...(log?.lines.values() ?? [])]
  const line = lines.find((one) => one.type === 'property.set' && one.key === key && one.version === reply?.version)
  const what = `version ${reply?.version} of ${key} in ${log?.matchId}`
  if (line?.type === 'property.set') {
    if (!isDeepStrictEqual(line.value, value))
      blame('lost', `${what} was acked, and line ${line.seq} has another value`)
  } else if (log?.isStored) blame('lost', `${what} was acked and is not in the log`)
  else count.unproven += 1
}

const isSameReply = (ack: Answer, first: Answer | undefined): boolean =>
  ack.seq === first?.seq && isDeepStrictEqual(ack.game, first?.game)
const textOf = (acks: readonly Answer[]): string =>
  acks.map(({ seq, game }) => JSON.stringify({ seq, game })).join(', ')
