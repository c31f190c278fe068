import { shownRating } from '../../src/match/results/ratings.ts'
import { newPairChecks } from './check-pairs.ts'
import type { Write } from './record.ts'
import type { Fail } from './violations.ts'

/** Follows each player's rating in each mode from match to match: every change begins where the last one ended. */
export function newRatingChecks(fail: Fail) {
  const last = new Map<string, string>()
  const pairs = newPairChecks(fail)

  function written(write: Write): void {
    const { matchId, result, snapshot, lines } = write
    pairs.written(write)
    const final = lines.find((line) => line.type === 'result.final')
    if (!result || !final) return
    const { rated, id } = snapshot.context.mode
    const { ratings = [] } = result
    if (!rated && ratings.length > 0) fail('[RA3] unrated modes change no rating', matchId)
    for (const { playerId, before, after } of ratings) {
      const known = last.get(`${id} ${playerId}`)
      if (known !== undefined && known !== JSON.stringify(before))
        fail(
          '[RA1] no change of a rating is lost',
          `${playerId} in ${matchId}: ${JSON.stringify(before)} after ${known}`,
        )
      last.set(`${id} ${playerId}`, JSON.stringify(after))
    }
    const seats = new Map(result.players.map(({ playerId, seat }) => [playerId, seat]))
    const shown = ratings.map(({ playerId, before, after }) => ({
      seat: seats.get(playerId),
      before: shownRating(before),
      after: shownRating(after),
    }))
    const bySeat = shown.sort((a, b) => Number(a.seat) - Number(b.seat))
    if (JSON.stringify(final.ratings ?? []) !== JSON.stringify(bySeat))
      fail('[RA4] what is told is what is stored', `${matchId}: ${JSON.stringify(final)}`)
  }

  return { written }
}
