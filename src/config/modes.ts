import * as z from 'zod'
import { type GameRules, rulesFault } from './rules.ts'

// Far longer times would exceed the range of a date.
const LONGEST_MS = 366 * 24 * 3_600_000
const isTooLong = { error: `is at most ${LONGEST_MS} ms, a year` }
export const ms = z.int().nonnegative().max(LONGEST_MS, isTooLong)
const wait = ms.positive()

// Ratings lie within a billion points, so a higher rate makes no difference; attributes are safe numbers.
const MAX_POINTS = 1_000_000_000
const LEAST_WITHIN = 1e-9
const within = z
  .number()
  .nonnegative()
  .max(Number.MAX_SAFE_INTEGER)
  .refine((most) => most === 0 || most >= LEAST_WITHIN, `is 0 or at least ${LEAST_WITHIN}`)

// Every step of a match loops over its seats; larger matches would need another design.
const MAX_SEATS = 1_000

const given = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/, 'a mode id is 1 to 64 letters, digits, dots, dashes and underscores'),
  teams: z.strictObject({ count: z.int().min(1), size: z.int().min(1), minSize: z.int().min(1).optional() }).optional(),
  players: z.strictObject({ min: z.int().min(1), max: z.int().min(1) }).optional(),
  rated: z.boolean().default(false),
  ratedPerPairPerDay: z.int().nonnegative().default(3),
  endWhen: z.enum(['oneTeamLeft', 'nobodyLeft']).optional(),
  joinMs: wait.default(15_000),
  countdownMs: ms.default(3_000),
  graceMs: wait.default(30_000),
  maxMs: wait.default(3_600_000),
  rematchMs: wait.default(20_000),
  relay: z.strictObject({ binary: z.boolean().default(false) }).prefault({}),
  matchmaking: z
    .strictObject({
      fillMs: ms.default(3_000),
      pointsPerSecond: z.number().nonnegative().max(MAX_POINTS).optional(),
      maxWaitMs: wait.optional(),
      maxLatencyMs: wait.optional(),
      roles: z.record(z.string().min(1).max(64), z.int().min(1)).optional(),
      attributes: z
        .record(z.string().max(64), z.union([z.enum(['same', 'any']), z.strictObject({ within })]))
        .default({}),
      avoidRecentMs: ms.default(0),
    })
    .prefault({}),
  readyCheckMs: ms.default(0),
  idleMs: ms.default(0),
  pauseMs: ms.default(60_000),
  pauseCount: z.int().positive().default(5),
  pauseGapMs: ms.default(10_000),
  settleMs: wait.default(10_000),
  spectators: z.boolean().default(true),
  lateJoin: z.boolean().default(false),
  properties: z
    .strictObject({
      maxCount: z.int().min(0).max(1_000).default(64),
      maxBytes: z.int().min(1).max(16_384).default(1_024),
      visibility: z.record(z.string(), z.enum(['public', 'members', 'own'])).default({}),
    })
    .prefault({}),
  rules: z
    .custom<GameRules>()
    .superRefine((rules, { addIssue }) => {
      const fault = rulesFault(rules)
      if (fault) addIssue({ code: 'custom', message: fault })
    })
    .optional(),
})

export const mode = given
  .refine((m) => m.teams || m.players, 'a mode says either teams {count, size} or players {min, max}')
  .refine((m) => !(m.teams && m.players), 'a mode says teams or players, not both')
  .refine(
    (m) => !(m.lateJoin && m.rules),
    'rules know their players from the start: lateJoin is for modes without them',
  )
  .refine((m) => (m.teams?.minSize ?? 1) <= (m.teams?.size ?? 1), 'teams.minSize is at most teams.size')
  .refine((m) => rolesOf(m.matchmaking.roles) <= (m.teams?.size ?? 1), 'a team has at most as many roles as players')
  .refine((m) => !m.players || m.players.min <= m.players.max, 'players.min is at most players.max')
  .refine(
    (m) => m.endWhen !== 'oneTeamLeft' || (m.teams?.count ?? m.players?.max ?? 1) > 1,
    'endWhen: oneTeamLeft is for modes in which teams play against each other',
  )
  .transform(({ teams, players, ...rest }) => ({ ...rest, endWhen: endOf(rest), ...seating(teams, players) }))
  .refine((m) => m.maxSeats <= MAX_SEATS, `a match has at most ${MAX_SEATS} seats`)

/** A mode as written in the config; only `id` and one of `teams` and `players` are required. */
export type ModeConfig = z.input<typeof mode>
/** A mode with every default filled in. */
export type Mode = z.output<typeof mode>

// In rated modes and modes with rules the last team left wins.
function endOf({ endWhen, rated, rules }: Pick<z.output<typeof given>, 'endWhen' | 'rated' | 'rules'>) {
  return endWhen ?? (rated || rules ? ('oneTeamLeft' as const) : ('nobodyLeft' as const))
}

const rolesOf = (roles: Record<string, number> = {}): number =>
  Object.values(roles).reduce((sum, count) => sum + count, 0)

function seating(
  teams?: { count: number; size: number; minSize?: number | undefined },
  players?: { min: number; max: number },
) {
  if (teams) {
    const { count, size, minSize = size } = teams
    return { teamCount: count, teamSize: size, minSeats: count * minSize, maxSeats: count * size }
  }
  return { teamCount: null, teamSize: 1, minSeats: players?.min ?? 1, maxSeats: players?.max ?? 1 }
}

/** The team of a seat: seats are dealt to teams in turn; in a free-for-all each seat is a team. */
export const teamOf = (m: Pick<Mode, 'teamCount'>, seat: number): number =>
  m.teamCount === null ? seat : seat % m.teamCount
