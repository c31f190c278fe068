import * as z from 'zod'

const ms = z.int().nonnegative()
const wait = z.int().positive()

// Every step of a match looks at its seats; past this a match is a crowd and wants another design.
const MAX_SEATS = 1_000

const given = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/, 'a mode id is 1 to 64 letters, digits, dots, dashes and underscores'),
  teams: z.strictObject({ count: z.int().min(1), size: z.int().min(1) }).optional(),
  players: z.strictObject({ min: z.int().min(1), max: z.int().min(1) }).optional(),
  rated: z.boolean().default(false),
  joinMs: wait.default(15_000),
  countdownMs: ms.default(3_000),
  graceMs: wait.default(30_000),
  maxMs: wait.default(3_600_000),
  rematchMs: wait.default(20_000),
  relay: z.strictObject({ binary: z.boolean().default(false) }).prefault({}),
  matchmaking: z.strictObject({ fillMs: ms.default(3_000) }).prefault({}),
  // Of the wire contract, and not acted on yet: see `notYet`.
  readyCheckMs: ms.default(0),
  idleMs: ms.default(0),
  pauseMs: ms.default(60_000),
  settleMs: wait.default(10_000),
  spectators: z.boolean().default(true),
})

export const mode = given
  .refine((m) => m.teams || m.players, 'a mode says either teams {count, size} or players {min, max}')
  .refine((m) => !(m.teams && m.players), 'a mode says teams or players, not both')
  .refine((m) => !m.players || m.players.min <= m.players.max, 'players.min is at most players.max')
  .transform(({ teams, players, ...rest }) => ({ ...rest, ...seating(teams, players) }))
  .refine((m) => m.maxSeats <= MAX_SEATS, `a match has at most ${MAX_SEATS} seats`)

/** A mode as it may be written in the config: all optional but the id and `teams` or `players`. */
export type ModeConfig = z.input<typeof mode>
/** A mode with every default filled in. */
export type Mode = z.output<typeof mode>

function seating(teams?: { count: number; size: number }, players?: { min: number; max: number }) {
  if (teams) {
    const seats = teams.count * teams.size
    return { teamCount: teams.count, minSeats: seats, maxSeats: seats }
  }
  return { teamCount: null, minSeats: players?.min ?? 1, maxSeats: players?.max ?? 1 }
}

/** The settings that this version reads but does not act on; each is worth a warning. */
export function notYet(m: Mode): string[] {
  const asked = { readyCheckMs: m.readyCheckMs > 0, idleMs: m.idleMs > 0 }
  return Object.entries(asked).flatMap(([setting, isAsked]) => (isAsked ? [setting] : []))
}

/** The team of a seat: teams are filled in turn; without teams everyone plays for themselves. */
export const teamOf = (m: Mode, seat: number): number => (m.teamCount === null ? seat : seat % m.teamCount)

export const shippedModes: ModeConfig[] = [
  { id: 'duel', teams: { count: 2, size: 1 }, rated: true },
  { id: 'party', players: { min: 2, max: 8 }, countdownMs: 0 },
]
