import * as z from 'zod'
import type { PlayerId } from '../../protocol/ids.ts'
import * as s from '../../protocol/schemas.ts'

const person = z.object({ blocked: z.array(s.playerId) })

/** Whom a player has blocked, from their record; nobody, when it cannot be read. */
export const blockedFrom = (value: unknown): readonly PlayerId[] => person.safeParse(value).data?.blocked ?? []
