import * as z from 'zod'
import { type ErrorCode, errors } from './errors.ts'
import type { LobbyId, MatchId, PartyId, PlayerId, TicketId } from './ids.ts'

// Ids are opaque; the bound only keeps garbage out of maps and logs.
const id = () => z.string().min(1).max(128)

export const playerId = id() as unknown as z.ZodType<PlayerId, string>
export const ticketId = id() as unknown as z.ZodType<TicketId, string>
export const matchId = id() as unknown as z.ZodType<MatchId, string>
export const lobbyId = id() as unknown as z.ZodType<LobbyId, string>
export const partyId = id() as unknown as z.ZodType<PartyId, string>
export const modeId = id()
export const epochMs = z.int().nonnegative()
export const durationMs = z.int().nonnegative()
export const seatNumber = z.int().min(0).max(999)
export const teamNumber = z.int().min(0).max(999)
export const errorCode = z.enum(Object.keys(errors) as [ErrorCode, ...ErrorCode[]]).meta({ id: 'ErrorCode' })

export const nothing = z.strictObject({})

const refusalError = z
  .strictObject({
    code: errorCode,
    message: z.string(),
    retryable: z.boolean(),
    retryAfterMs: durationMs.optional(),
  })
  .meta({ id: 'RefusalError' })
export const refusedEvent = z.strictObject({ event: z.string(), error: refusalError })
