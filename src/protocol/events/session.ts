import * as z from 'zod'
import * as s from '../schemas.ts'

/** Something that ended for a player who was not connected. */
export const ended = z
  .strictObject({
    what: z.enum(['ticket', 'match', 'lobby', 'party', 'proposal']),
    id: z.string(),
    reason: z.string(),
    at: s.epochMs,
  })
  .meta({ id: 'Ended' })
export type Ended = z.output<typeof ended>

/** How long a player may not queue, and why. */
export const penalty = z.strictObject({ until: s.epochMs, reason: z.string() }).meta({ id: 'Penalty' })
