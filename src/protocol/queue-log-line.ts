import * as z from 'zod'

const attribute = z.union([z.string(), z.number(), z.boolean()])
const want = z.union([
  attribute,
  z.array(attribute),
  z.strictObject({ min: z.number().optional(), max: z.number().optional() }),
])

/** The life of a ticket, as a line of the queue's log. Who the players are does not come out of their ids. */
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
  /** Of a ticket that was matched: its match, its team there, how far apart the teams' means were, and where. */
  matchId: z.string().optional(),
  team: z.int().nonnegative().optional(),
  gap: z.number().nonnegative().optional(),
  region: z.string().optional(),
  latencies: z.record(z.string(), z.number().nonnegative()).optional(),
  attributes: z.record(z.string(), attribute).optional(),
  wants: z.record(z.string(), want).optional(),
  roles: z.array(z.string()).optional(),
  /** What its players were told when they joined; null when nothing was known yet. */
  predictedWaitMs: z.number().nonnegative().nullable(),
})
export type QueueLogLine = z.output<typeof queueLogLine>
