import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import { isPresent } from '../../src/machines/match/seats.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import type { Archives } from './check-writes.ts'
import type { Disk } from './disk.ts'
import type { Service } from './service.ts'
import type { Timeline } from './timeline.ts'
import type { Fail } from './violations.ts'

interface EndingParts {
  fail: Fail
  timeline: Timeline
  disk: Disk
  archives: Archives
}

/** Some time after the last command, every player who is shown as present must be there. */
export function checkPresence({ gateway }: Service, { fail, disk, archives }: EndingParts): void {
  for (const matchId of disk.records.keys()) {
    const archive = archives.get(matchId)
    if (!archive || archive.isDamaged || archive.snapshot.state === 'closed') continue
    for (const playerId of membersPresent(archive.snapshot)) {
      if (!gateway.isConnected(matchId, playerId))
        fail('[MT3] a drop is noticed', `${playerId} is said to be in ${matchId} and has no connection`)
    }
  }
}

const membersPresent = ({ context }: MatchSnapshot): PlayerId[] =>
  [...context.seats.filter(isPresent), ...context.spectators].map(({ playerId }) => playerId)

/** Checks that nothing is left once everything has come to rest. */
export function checkEnding(
  { matches, seats, gateway, life }: Service,
  { fail, timeline, disk, archives }: EndingParts,
): void {
  const timers = timeline.timersOf(life)
  const records = [...disk.records.keys()].filter((matchId) => !disk.leftovers.has(matchId))
  const left = { matches: matches.size(), seated: seats.size(), timers, rooms: gateway.rooms.size, records }
  if (left.matches + left.seated + left.timers + left.rooms + records.length > 0)
    fail('[CL1] [CL2] nothing is left behind', JSON.stringify(left))
  for (const [matchId, { snapshot, isDamaged, reference, result }] of archives) {
    if (isDamaged) continue
    if (snapshot.state !== 'closed') fail('[MT16] every match is closed in the end', `${matchId} is ${snapshot.state}`)
    if (snapshot.context.result && result === null) fail('[RE3] a result is stored', matchId)
    const next = reference.nextMatch
    if (next && !archives.has(next)) fail('[RE4] a rematch that was agreed takes place', `${matchId}: ${next}`)
  }
}
