import * as z from 'zod'
import { request } from '../declare.ts'
import { outcome, result } from '../match-view.ts'
import * as s from '../schemas.ts'

const { placements, scores, disputed, ratings, unrated } = result.shape
const points = z.int().describe('a cautious estimate of the rating; it orders the leaderboard')

const rating = z
  .strictObject({
    mode: s.modeId,
    rating: z.int(),
    points,
    matches: z.int().nonnegative(),
    placementLeft: z.int().nonnegative().describe('rated matches left to a place on the leaderboard'),
  })
  .meta({ id: 'PlayerRating' })

const playedMatch = z
  .strictObject({
    matchId: s.matchId,
    mode: s.modeId,
    endedAt: s.epochMs,
    outcome,
    placements,
    scores,
    disputed,
    players: z.array(
      z.strictObject({ playerId: s.playerId, name: z.string(), seat: s.seatNumber, team: s.teamNumber }),
    ),
    ratings,
    unrated,
  })
  .meta({ id: 'PlayedMatch' })

const standing = z
  .strictObject({
    rank: z.int().positive(),
    playerId: s.playerId,
    name: z.string(),
    rating: z.int(),
    points,
    matches: z.int().positive(),
  })
  .meta({ id: 'Standing' })

/** Leaderboards and profiles. */
export const people = {
  requests: {
    'leaderboard:get': request({
      work: 4,
      summary:
        'The players of a rated mode, best first by `points`, 50 at a time. Send the `cursor` of the previous page; a ' +
        'reply without one is the last. Players with placement matches left are not on it.',
      payload: z.strictObject({ mode: s.modeId, cursor: z.string().max(256).optional() }),
      reply: z.strictObject({ entries: z.array(standing), cursor: z.string().optional() }),
      refusals: ['UNKNOWN_MODE', 'UNAVAILABLE'],
    }),
    'player:get': request({
      work: 2,
      summary: 'A player’s name, rating for each rated mode, and last 20 matches, newest first.',
      payload: z.strictObject({ playerId: s.playerId }),
      reply: z.strictObject({
        playerId: s.playerId,
        name: z.string(),
        ratings: z.array(rating),
        matches: z.array(playedMatch),
      }),
      refusals: ['NOT_FOUND', 'UNAVAILABLE'],
    }),
  },
}
