import { isTaken } from '../../src/machines/match/seats.ts'
import type { EpochMs } from '../../src/ports.ts'
import { changedTooEarly, changeOfDecided, clocksThatLost, clockThatGained } from './changes.ts'
import { newRatingChecks } from './check-ratings.ts'
import { type KeptTime, keptThrough, ranOutTooEarly } from './kept-time.ts'
import { type Archive, membersOf, newArchive, type Write } from './record.ts'
import { differenceOf, follow, seatThem } from './reference.ts'
import type { Fail } from './violations.ts'

interface WriteChecks {
  fail: Fail
  /** Whether the player has a connection in the match. */
  isConnected: (matchId: string, playerId: string) => boolean
  /** The outage before the process that writes now. */
  outageMs: () => number
}
export type Archives = Map<string, Archive>

/** Checks and records everything that is written to the disk. */
export function createWriteChecks({ fail, isConnected, outageMs }: WriteChecks) {
  const archives: Archives = new Map()
  const live = new Map<string, Set<string>>()
  const ratings = newRatingChecks(fail)
  const kept = new Map<string, KeptTime>()

  function written(write: Write, clockOffsetMs: number): void {
    const { matchId, snapshot } = write
    const known = archives.get(matchId)
    if (known && write.after === 0) return fail('[RE4] a match begins once', `${matchId} begins again`)
    const archive = known ?? newArchive(write)
    archives.set(matchId, archive)
    if (known) compare(archive, write, clockOffsetMs - archive.clockOffsetMs)
    Object.assign(archive, { clockOffsetMs, writtenAt: write.lines.at(-1)?.at ?? write.at })
    seatThem(archive.reference, snapshot)
    followLines(archive, write)
    if (write.result && archive.result) fail('[RE3] one result', `${matchId} has a second one`)
    archive.result ??= write.result
    ratings.written(write)
    const hearers = membersOf(known ? [archive.snapshot, snapshot] : [snapshot])
    archive.hearers.push(...write.lines.map(() => hearers))
    archive.snapshot = snapshot
    archive.epoch = write.epoch
    const difference = differenceOf(archive.reference, snapshot)
    if (difference) fail('[MT11] the log tells all there is', `${matchId}: ${difference}`)
    countSeats(write)
  }

  function followLines(archive: Archive, { matchId, after, epoch, lines, texts, at }: Write): void {
    if (after !== archive.lines.length) fail('[MT11] the log is gapless', `${matchId}: ${after} was not the last line`)
    for (const [n, line] of lines.entries()) {
      if (line.seq !== after + 1 + n || line.epoch !== epoch || line.at > at)
        fail('[MT11] the log is gapless', `${matchId}: ${texts[n]} as line ${after + 1 + n} of epoch ${epoch}`)
      const fault = follow(archive.reference, line)
      if (fault) fail('[MT16] [MT18] the log makes sense', `${matchId}: ${texts[n]}: ${fault}`)
    }
    archive.lines.push(...lines)
    archive.texts.push(...texts)
  }

  function compare(archive: Archive, write: Write, jumpMs: number): void {
    const { matchId, epoch, snapshot, lines, at } = write
    const before = archive.snapshot
    if (epoch < archive.epoch)
      fail('[MT13] a former owner writes nothing', `${matchId}: epoch ${epoch} after ${archive.epoch}`)
    const change = changeOfDecided(before, snapshot)
    if (change) fail('[MT18] what was decided stays', `${matchId}: ${change}`)
    const keptTime = epoch > archive.epoch ? undefined : kept.get(matchId)
    if (!keptTime) kept.delete(matchId)
    for (const line of keptTime ? lines : []) {
      const lost = keptTime && ranOutTooEarly(keptTime, before, line)
      if (lost) fail('[ST45] a stall counts against nobody', `${matchId}: ${lost}`)
    }
    const early = changedTooEarly(before, write, keptTime)
    if (early) fail('[MT16] no deadline acts early', `${matchId}: ${early}`)
    if (epoch > archive.epoch) {
      // A process that restored the match and got no further has added back the outage until then.
      const restoredAt = lines[0]?.at ?? at
      const lostMs = Math.min(outageMs() + jumpMs, restoredAt - archive.writtenAt)
      const short = clocksThatLost(before, snapshot, { outageMs: lostMs, at: restoredAt })
      if (short) fail('[ST2] an outage counts against nobody', `${matchId}: ${short}`)
      const long = clockThatGained(before, snapshot, outageMs() + jumpMs)
      if (long) fail('[ST42] a clock that was moved gives nobody time', `${matchId}: ${long}`)
    }
    for (const line of lines) {
      const seat = line.type === 'player.forfeited' ? before.context.seats[line.seat] : undefined
      if (seat?.status === 'away' && isConnected(matchId, seat.playerId))
        fail('[MT3] who is here does not forfeit', `${matchId}: seat ${seat.seat}`)
    }
  }

  function countSeats({ matchId, snapshot: { context } }: Write): void {
    if (new Set(context.seats.map(({ playerId }) => playerId)).size !== context.seats.length)
      fail('[MT18] one seat per player', matchId)
    for (const seat of context.seats) {
      const matches = live.get(seat.playerId) ?? new Set()
      live.set(seat.playerId, matches)
      if (context.outcome === null && isTaken(seat)) matches.add(matchId)
      else matches.delete(matchId)
      if (matches.size > 1) fail('[MT1] one live match per player', `${seat.playerId} in ${[...matches].join(', ')}`)
    }
  }

  function damaged(matchId: string): void {
    const archive = archives.get(matchId)
    if (archive) archive.isDamaged = true
    for (const matches of live.values()) matches.delete(matchId)
  }

  /** The owner of these matches stood still until now. */
  function stalled(now: EpochMs, ms: number): void {
    for (const [matchId, { snapshot, isDamaged }] of archives) {
      if (isDamaged || snapshot.state === 'closed') continue
      kept.set(matchId, keptThrough(snapshot, { from: now - ms, ms }, kept.get(matchId)))
    }
  }

  return { archives, written, stalled, damaged }
}
