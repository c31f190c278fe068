import * as z from 'zod'

const attribute = z.union([z.string(), z.number(), z.boolean()])
const want = z.union([
  attribute,
  z.array(attribute),
  z.strictObject({ min: z.number().optional(), max: z.number().optional() }),
])

/** A ticket's life as a line of the queue log. The ids of its players are aliases. */
export const queueLogLine = z.object({
  ticketId: z.string().min(1),
  mode: z.string().min(1),
  players: z
    .array(
      z.object({
        id: z.string().min(1),
        mu: z.number(),
        sigma: z.number().nonnegative().optional(),
        roles: z.array(z.string()).optional(),
      }),
    )
    .min(1),
  /** Instants in milliseconds. */
  queuedAt: z.number(),
  endedAt: z.number(),
  reason: z.enum(['matched', 'cancelled', 'expired', 'declined', 'drained']),
  /** Of a matched ticket: its match, its team, the gap between the teams' mean ratings, and the region. */
  matchId: z.string().optional(),
  team: z.int().nonnegative().optional(),
  gap: z.number().nonnegative().optional(),
  region: z.string().optional(),
  latencies: z.record(z.string(), z.number().nonnegative()).optional(),
  attributes: z.record(z.string(), attribute).optional(),
  wants: z.record(z.string(), want).optional(),
  roles: z.array(z.string()).optional(),
  /** The estimated wait that its players saw when they joined; null when it was unknown. */
  predictedWaitMs: z.number().nonnegative().nullable(),
})
export type QueueLogLine = z.output<typeof queueLogLine>
