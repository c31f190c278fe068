import * as z from 'zod'
import * as s from './schemas.ts'

/** The states of a match; `proposed` only with a ready check, `paused` and `settling` only by a player's request. */
export const matchState = z
  .enum(['proposed', 'gathering', 'countdown', 'playing', 'paused', 'settling', 'ended', 'closed'])
  .meta({ id: 'MatchState' })

/** How a match ended. */
export const outcome = z.enum(['completed', 'abandoned', 'cancelled', 'aborted']).meta({ id: 'Outcome' })

/**
 * The next instant at which the match changes without a request: `acceptBy`, `joinBy`, `startAt`, `endBy`, `resumeBy`,
 * `settleBy`, `closeBy`, or a name given by the mode's rules.
 */
const deadline = z.strictObject({ name: z.string(), at: s.epochMs }).meta({ id: 'Deadline' })

const seat = z
  .strictObject({
    seat: s.seatNumber,
    team: s.teamNumber,
    playerId: s.playerId,
    name: z.string(),
    status: z.enum(['reserved', 'present', 'away', 'left']),
    until: s.epochMs.optional().describe('how long the seat of a player who is away waits'),
  })
  .meta({ id: 'Seat' })

const placements = z.array(z.array(s.seatNumber)).describe('best first, seats of equal rank together')
const scores = z.record(z.string().regex(/^\d{1,3}$/), z.number()).describe('by seat')

/** The result as a player claims it. */
export const claim = z
  .strictObject({ placements: z.array(z.array(s.seatNumber).max(1_000)).max(1_000), scores: scores.optional() })
  .meta({ id: 'Claim' })

const ratings = z
  .array(z.strictObject({ seat: s.seatNumber, before: z.int(), after: z.int() }))
  .describe('the players’ ratings before and after, in rated modes')

const unrated = z
  .enum(['pairLimit'])
  .describe(
    'why a match of a rated mode is unrated: `pairLimit` when its opponents have used up their rated results against each ' +
      'other within 24 hours',
  )
  .meta({ id: 'Unrated' })

export const result = z
  .strictObject({
    outcome,
    placements,
    scores: scores.optional(),
    disputed: z.literal(true).optional(),
    ratings: ratings.optional(),
    unrated: unrated.optional(),
  })
  .meta({ id: 'Result' })

const property = z.strictObject({ value: z.unknown(), version: z.int().positive() })

/** A match as a member sees it. */
export const matchView = z
  .strictObject({
    matchId: s.matchId,
    mode: s.modeId,
    rated: z.boolean().describe('whether the result counts for the ratings'),
    unrated: unrated.optional(),
    state: matchState,
    deadline: deadline.nullable(),
    seats: z.array(seat),
    spectators: z.array(z.strictObject({ playerId: s.playerId, name: z.string() })),
    host: s.seatNumber.nullable(),
    properties: z.record(z.string(), property),
    game: z.unknown().optional().describe('the game as the rules show it to you'),
    result: result.optional(),
    rematch: z.strictObject({ accepted: z.array(s.seatNumber), matchId: s.matchId.optional() }).optional(),
  })
  .meta({ id: 'MatchView' })

const action = z.strictObject({ type: z.string(), data: z.unknown().optional() })
const leftWhy = z.enum(['quit', 'noShow', 'declined', 'notAccepted'])

/** An entry of a match's log. */
const matchFact = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('player.joined'),
    seat: s.seatNumber,
    team: s.teamNumber,
    playerId: s.playerId,
    name: z.string(),
  }),
  z.strictObject({ type: z.literal('player.away'), seat: s.seatNumber, until: s.epochMs }),
  z.strictObject({ type: z.literal('player.back'), seat: s.seatNumber }),
  z.strictObject({ type: z.literal('player.left'), seat: s.seatNumber, why: leftWhy }),
  z.strictObject({ type: z.literal('player.forfeited'), seat: s.seatNumber }),
  z.strictObject({ type: z.literal('player.idle'), seat: s.seatNumber, until: s.epochMs }),
  z.strictObject({ type: z.literal('spectator.joined'), playerId: s.playerId, name: z.string() }),
  z.strictObject({
    type: z.literal('spectator.left'),
    playerId: s.playerId,
    why: z.enum(['private']).optional().describe('the match is of a lobby that the spectator may no longer watch'),
  }),
  z.strictObject({
    type: z.literal('state.changed'),
    state: matchState,
    deadline: deadline.optional(),
    game: z.unknown().optional().describe('when play begins or resumes'),
  }),
  z.strictObject({
    type: z.literal('action'),
    seat: s.seatNumber.nullable().describe('null when the rules acted at the end of a turn'),
    action,
    game: z.unknown().optional(),
    deadline: deadline.optional(),
  }),
  z.strictObject({
    type: z.literal('property.set'),
    seat: s.seatNumber,
    key: z.string(),
    value: z.unknown().optional(),
    version: z.int().positive(),
  }),
  z.strictObject({
    type: z.literal('result.claimed'),
    seat: s.seatNumber,
    result: claim.optional().describe('left out where it is large and was told before'),
  }),
  z.strictObject({ type: z.literal('result.final'), ...result.shape }),
  z.strictObject({ type: z.literal('rematch.asked'), seat: s.seatNumber, accept: z.boolean() }),
  z.strictObject({
    type: z.literal('rematch.agreed'),
    matchId: s.matchId.describe('the next match: only this line has another match’s id here'),
    nextMatchId: s.matchId.describe('the next match'),
  }),
  z.strictObject({ type: z.literal('host.changed'), seat: s.seatNumber.nullable() }),
])

const numbered = { matchId: s.matchId, epoch: z.int().positive(), seq: z.int().positive(), at: s.epochMs }

/** A line of the log: a fact with a gapless number and the epoch of the owner that wrote it. */
export const matchEvent = z
  .discriminatedUnion(
    'type',
    matchFact.options.map((fact) => fact.extend(numbered)) as unknown as Numbered<typeof matchFact.options>,
  )
  .meta({ id: 'MatchEvent' })
type Numbered<Options extends readonly z.ZodObject[]> = {
  [I in keyof Options]: z.ZodObject<Options[I]['shape'] & typeof numbered, z.core.$strict>
}

export type MatchState = z.output<typeof matchState>
export type Unrated = z.output<typeof unrated>
export type Outcome = z.output<typeof outcome>
export type Deadline = z.output<typeof deadline>
export type Claim = z.output<typeof claim>
export type Result = z.output<typeof result>
export type Action = z.output<typeof action>
export type MatchView = z.output<typeof matchView>
export type MatchFact = z.output<typeof matchFact>
export type MatchEvent = z.output<typeof matchEvent>
