import type { EpochMs } from '../../ports.ts'
import type { MatchSnapshot } from './match-step.ts'
import type { Seat } from './seats.ts'

/** A snapshot of some form, as it came from a store. */
type Stored = { schema: number; state: string; context: Record<string, unknown> }
type Migration = (old: Stored) => Stored

const STATES = ['proposed', 'gathering', 'countdown', 'playing', 'paused', 'settling', 'ended', 'closed']

/**
 * The migrations from each form to the next. Every form that was ever stored keeps its migration, and an example beside
 * the tests.
 */
const migrations: Record<number, Migration> = {
  // 1 → 2: the whole lifecycle. Form 1 had no ready check, idle limit, rules, pauses or claims.
  1: ({ state, context }) => ({
    schema: 2,
    state,
    context: {
      ...context,
      mode: {
        readyCheckMs: 0,
        idleMs: 0,
        pauseMs: 0,
        settleMs: 10_000,
        spectators: false,
        lateJoin: false,
        teamCount: null,
        maxSeats: (context.seats as Seat[]).length,
        hasRules: false,
        ...(context.mode as object),
      },
      seats: (context.seats as Seat[]).map(awakeSince(0)),
      spectators: [],
      host: null,
      accepted: [],
      ready: [],
      game: null,
      properties: {},
      pause: null,
      paused: {},
      claims: {},
      result: null,
      rematch: null,
      isAwaitingReturn: false,
      answered: {},
    },
  }),
  // 2 → 3: ratings. Matches opened before are unrated.
  2: ({ state, context }) => ({
    schema: 3,
    state,
    context: { ...context, mode: { ...(context.mode as object), rated: false } },
  }),
  // 3 → 4: a match has its terms and origin. A match of form 3 keeps the rules for its end and pauses.
  3: ({ state, context }) => ({
    schema: 4,
    state,
    context: {
      ...context,
      mode: {
        ratedPerPairPerDay: 0,
        endWhen: (context.mode as { hasRules: boolean }).hasRules ? 'oneTeamLeft' : 'nobodyLeft',
        pauseCount: Number.MAX_SAFE_INTEGER,
        pauseGapMs: 0,
        ...(context.mode as object),
      },
      origin: { by: 'queue' },
      rematchOf: null,
      unrated: null,
      pauses: {},
      overtimeMs: 0,
    },
  }),
  // 4 → 5: no view is kept for a command; it is rendered again on request.
  4: ({ state, context }) => ({
    schema: 5,
    state,
    context: { ...context, answered: withoutViews(context.answered as Record<string, Seen[]>) },
  }),
  // 5 → 6: a claim may name a seat that claims the same.
  5: ({ state, context }) => ({ schema: 6, state, context }),
}

/** A command in forms 2 to 4. */
type Seen = { id: string; asked: string; seq: number; game?: unknown }
const withoutViews = (all: Record<string, Seen[]>) =>
  Object.fromEntries(
    Object.entries(all).map(([seat, list]) => [seat, list.map(({ id, asked, seq }) => ({ id, asked, seq }))]),
  )

const awakeSince =
  (activeAt: EpochMs) =>
  (seat: Seat): Seat =>
    seat.status === 'present' ? { ...seat, activeAt, idleUntil: null } : seat

const isStored = (value: unknown): value is Stored => {
  if (typeof value !== 'object' || value === null) return false
  const { schema, state, context } = value as Partial<Stored>
  return typeof schema === 'number' && typeof state === 'string' && typeof context === 'object' && context !== null
}

/** The snapshot in the current form, or null when no migration leads there. Does not change its input. */
export function upToDate(stored: unknown): MatchSnapshot | null {
  if (!isStored(stored)) return null
  let snapshot = stored
  for (let migrate = migrations[snapshot.schema]; migrate; migrate = migrations[snapshot.schema])
    snapshot = migrate(snapshot)
  const isToday = snapshot.schema === 6 && STATES.includes(snapshot.state) && Array.isArray(snapshot.context.seats)
  return isToday ? (snapshot as unknown as MatchSnapshot) : null
}
