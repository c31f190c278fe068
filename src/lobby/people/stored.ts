import * as z from 'zod'
import * as s from '../../protocol/schemas.ts'

const person = z.object({ blocked: z.array(s.playerId), standing: z.enum(['known', 'regular']).optional() })

/** Whom a player has blocked, and what they have done here, from their record; nobody and nothing when it cannot be read. */
export const personFrom = (value: unknown) => person.safeParse(value).data ?? { blocked: [] }
