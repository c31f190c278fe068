import { isTaken } from '../../src/machines/match/seats.ts'
import type { Write } from './record.ts'
import type { Fail } from './violations.ts'

type Sided = { playerId: string; team: number }
const DAY_MS = 86_400_000

/** Counts the rated results of every pair of opponents, and checks the limit in later matches. */
export function newPairChecks(fail: Fail) {
  const metAt = new Map<string, number[]>()
  const unrated = new Set<string>()

  const keyOf = (mode: string, a: Sided, b: Sided) => [mode, ...[a.playerId, b.playerId].sort()].join(' ')
  const opponents = (players: Sided[]) =>
    players.flatMap((a, n) => players.slice(n + 1).flatMap((b) => (a.team === b.team ? [] : [[a, b] as const])))

  function isUsedUp({ snapshot: { context }, at }: Write, players: Sided[]): boolean {
    const { id, ratedPerPairPerDay: limit } = context.mode
    const all = opponents(players)
    const used = all.filter(([a, b]) => {
      const times = metAt.get(keyOf(id, a, b)) ?? []
      return limit > 0 && times.filter((time) => at - time < DAY_MS).length >= limit
    })
    const ofPlayer = (pairs: typeof all, one: Sided) => pairs.filter((pair) => pair.includes(one)).length
    if (used.length === 0) return false
    return used.length >= all.length / 2 || players.some((one) => ofPlayer(used, one) === ofPlayer(all, one))
  }

  function written(write: Write): void {
    const { matchId, snapshot, result, lines } = write
    const { mode, seats } = snapshot.context
    const isUnrated = snapshot.context.unrated !== null
    if (isUnrated && !mode.rated) fail('[RA20] only what would be rated is told not to be', matchId)
    if (unrated.has(matchId) && !isUnrated) fail('[RA22] what was told to be unrated stays so', matchId)
    const final = lines.find((line) => line.type === 'result.final')
    if (isUnrated && !unrated.has(matchId)) {
      if (write.after > 0 && !final) fail('[RA22] a match turns unrated as it opens or is decided', matchId)
      // An absent player counts as an opponent when the match opens, but not when it is decided.
      const players = final ? seats.filter(hasCome) : seats
      if (!isUsedUp(write, players)) fail('[RA20] opponents with results to go are rated', matchId)
      unrated.add(matchId)
    }
    if (!result || !final) return
    if ((final.unrated !== undefined) !== isUnrated) fail('[RA22] what is told is what is stored', matchId)
    const rated = new Set<string>((result.ratings ?? []).map(({ playerId }) => playerId))
    const players = result.players.filter(({ playerId }) => rated.has(playerId))
    if (players.length === 0) return
    if (isUnrated) fail('[RA20] what is unrated moves no rating', matchId)
    if (isUsedUp(write, players)) fail('[RA20] a pair is rated no more often than its mode says', matchId)
    for (const [a, b] of opponents(players)) {
      const key = keyOf(mode.id, a, b)
      metAt.set(key, [...(metAt.get(key) ?? []), result.endedAt])
    }
  }

  return { written }
}

const hasCome = (seat: Write['snapshot']['context']['seats'][number]): boolean =>
  seat.status === 'left' ? seat.why === 'quit' || seat.why === 'forfeited' : isTaken(seat) && seat.status !== 'reserved'
