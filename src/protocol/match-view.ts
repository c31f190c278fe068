import * as z from 'zod'
import * as s from './schemas.ts'

/** The states of a match, in the order in which they come. */
export const matchState = z.enum(['gathering', 'countdown', 'playing', 'ended', 'closed']).meta({ id: 'MatchState' })

/** How a match ended. */
export const outcome = z.enum(['completed', 'abandoned', 'cancelled', 'aborted']).meta({ id: 'Outcome' })

/** The next instant at which the match changes by itself. */
const deadline = z
  .strictObject({ name: z.enum(['joinBy', 'startAt', 'endBy', 'closeBy']), at: s.epochMs })
  .meta({ id: 'Deadline' })

const seat = z
  .strictObject({
    seat: s.seatNumber,
    team: s.teamNumber,
    playerId: s.playerId,
    name: z.string(),
    status: z.enum(['reserved', 'present', 'away', 'left']),
  })
  .meta({ id: 'Seat' })

/** What a member sees of a match. */
export const matchView = z
  .strictObject({
    matchId: s.matchId,
    mode: s.modeId,
    state: matchState,
    deadline: deadline.nullable(),
    seats: z.array(seat),
  })
  .meta({ id: 'MatchView' })

const leftWhy = z.enum(['quit', 'noShow'])

/** What happened in a match, as its log tells it. */
const matchFact = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('player.joined'), seat: s.seatNumber, playerId: s.playerId, name: z.string() }),
  z.strictObject({ type: z.literal('player.away'), seat: s.seatNumber, until: s.epochMs }),
  z.strictObject({ type: z.literal('player.back'), seat: s.seatNumber }),
  z.strictObject({ type: z.literal('player.left'), seat: s.seatNumber, why: leftWhy }),
  z.strictObject({ type: z.literal('player.forfeited'), seat: s.seatNumber }),
  z.strictObject({ type: z.literal('state.changed'), state: matchState, deadline: deadline.optional() }),
])

const numbered = { matchId: s.matchId, epoch: z.int().positive(), seq: z.int().positive(), at: s.epochMs }

/** A line of the log: a fact, numbered without a gap, in the epoch of the owner who wrote it. */
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
export type Outcome = z.output<typeof outcome>
export type Deadline = z.output<typeof deadline>
export type MatchView = z.output<typeof matchView>
export type MatchFact = z.output<typeof matchFact>
export type MatchEvent = z.output<typeof matchEvent>
