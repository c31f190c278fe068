/**
 * The API of the matchmaker. All instants and durations are in milliseconds on the caller's clock; ratings are in
 * points on any scale.
 */

export interface MatchmakerMode {
  id: string
  /** The number of teams of a match, and of players in each. A free for all is `n × 1`, a co-op match `1 × n`. */
  teams: number
  teamSize: number
  /**
   * After `shortHandedAfterMs` a match may start with fewer teams, or with smaller teams of equal size, down to these.
   */
  minTeams?: number
  minTeamSize?: number
  shortHandedAfterMs?: number
  /** The number of players that a team needs in each role. Without it, the roles of tickets are ignored. */
  roles?: Readonly<Record<string, number>>
  /** These override the options of the matchmaker for this mode. */
  pointsPerSecond?: number
  maxWaitMs?: number
  maxLatencyMs?: number
}

export interface MatchmakerOptions {
  modes: readonly MatchmakerMode[]
  /** The regions in which matches can be played. Without any, latencies are ignored. */
  regions?: readonly string[]
  /** How many rating points of mismatch a second of waiting is worth; 3 by default. */
  pointsPerSecond?: number
  /** The wait after which a ticket accepts any permitted match; 120,000 by default. */
  maxWaitMs?: number
  /** A ticket never plays in a region with a higher latency; 150 by default. */
  maxLatencyMs?: number
  /** The cost of a millisecond of latency beyond the ticket's best region, in points; 0.1 by default. */
  pointsPerLatencyMs?: number
}

export interface TicketPlayer {
  readonly id: string
  /** The estimate of the player's skill, and its standard deviation. */
  readonly mu: number
  readonly sigma?: number
  /** The roles that this player accepts; by default those of the ticket. */
  readonly roles?: readonly string[]
}
export type Attribute = string | number | boolean
/** What an attribute of every other ticket must be: this value, one of these, or a number within these bounds. */
export type Want = Attribute | readonly Attribute[] | { readonly min?: number; readonly max?: number }

/** The request of one player to be matched, or of a party that stays together in one team. */
export interface Ticket {
  readonly id: string
  readonly mode: string | readonly string[]
  readonly players: readonly TicketPlayer[]
  /** Milliseconds to each region, the largest of a party. Without it, every region is accepted. */
  readonly latencies?: Readonly<Record<string, number>>
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly wants?: Readonly<Record<string, Want>>
  /** Ids of players that no player of this ticket may be matched with. */
  readonly block?: readonly string[]
  /** The roles that its players accept; any by default. */
  readonly roles?: readonly string[]
  /** A wait from before the ticket was added; it counts like the wait since. */
  readonly creditMs?: number
}
export type TicketPatch = Partial<Omit<Ticket, 'id'>>

/** A running match with free seats. */
export interface Backfill {
  readonly id: string
  readonly mode: string
  readonly region?: string
  /** The players of every team of the match. Each team has `teamSize` seats; the rest are free. */
  readonly teams: readonly (readonly TicketPlayer[])[]
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly wants?: Readonly<Record<string, Want>>
  readonly block?: readonly string[]
  readonly creditMs?: number
}

/** Tickets that may play together. They are held until the proposal is confirmed or rejected. */
export interface Proposal {
  readonly id: string
  readonly mode: string
  /** Null where there are no regions. */
  readonly region: string | null
  /** The tickets of each team. */
  readonly teams: readonly (readonly Ticket[])[]
  /** The running match that they join; absent for a new match. */
  readonly backfill?: string
  /** How uneven the group is, in points; this is weighed against waiting. */
  readonly mismatch: number
  /** The difference between the mean ratings of the best and the worst team, in points. */
  readonly gap: number
}

export interface TickOptions {
  /**
   * About how many tickets a tick searches for in one-against-one modes, and fewer in larger ones; the rest waits for
   * the next tick.
   */
  maxWork?: number
  maxMatches?: number
}

/** Why a ticket is still waiting. */
export interface Explanation {
  waitedMs: number
  /** The mismatch that it accepts now, in points; null once it accepts any. */
  tolerance: number | null
  /** The instant at which it begins to accept any permitted match. */
  unconditionalAt: number
  /** The number of other tickets that wait in its modes. */
  searching: number
  /** How many of those each rule excludes; several rules may exclude the same ticket. */
  blockedBy: Record<BlockedBy, number>
  /** Arrivals per second and rating point around its rating, as learned; 0 before anything is known. */
  density: number
  /** The remaining wait that it may expect; null before anything is known. */
  expectedWaitMs: number | null
}
/** `rating`: the ratings are too far apart so far. `size`: the party sizes in the queue cannot fill a group with it. */
export type BlockedBy = 'attributes' | 'block' | 'region' | 'roles' | 'size' | 'rating'

interface MatchmakerStats {
  added: number
  removed: number
  matched: number
  queued: number
  held: number
  backfills: number
  /** Players waiting, by mode. */
  searching: Record<string, number>
}

export type TicketFault = 'mode' | 'size' | 'rating' | 'players' | 'duplicate' | 'latencies' | 'credit' | 'attributes'
/** Thrown for an invalid ticket or backfill; nothing has changed. */
export class TicketError extends Error {
  readonly fault: TicketFault
  constructor(fault: TicketFault, message: string) {
    super(message)
    this.name = 'TicketError'
    this.fault = fault
  }
}

/**
 * Pure: it has no clock, timer, randomness or I/O, and the same calls give the same answers. Every added ticket is in
 * exactly one of these states: queued, held, matched, removed. An instant that is not a number from 0 to 8.64e15 throws
 * a `RangeError` and changes nothing.
 */
export interface Matchmaker {
  /** Throws a `TicketError` for an invalid ticket, and for an id or a player that is queued already. */
  add(ticket: Ticket, now: number): void
  /**
   * Removes the ticket, also from a proposal; the other tickets of the proposal are requeued with their age. Returns
   * whether the ticket existed.
   */
  remove(id: string, now: number): boolean
  /** Changes a queued ticket, which keeps its age. Returns false and changes nothing when the ticket is not queued. */
  update(id: string, patch: TicketPatch, now: number): boolean
  addBackfill(request: Backfill, now: number): void
  /** Ends the search of a running match. Tickets that were proposed to it are requeued at `now` with their age. */
  removeBackfill(id: string, now: number): boolean
  /** Makes the decisions that are due, for the oldest ticket first. */
  tick(now: number, options?: TickOptions): Proposal[]
  /** Accepts a proposal: its tickets are matched and leave the queue. Returns whether the proposal existed. */
  confirm(proposalId: string): boolean
  /**
   * Withdraws a proposal: removes the tickets in `who`, requeues the others with their age, and does not propose the
   * same group again at once. Returns whether the proposal existed.
   */
  reject(proposalId: string, refusal: { who: readonly string[]; now: number }): boolean
  /**
   * The earliest instant at which a tick may do something; null if no tick would until another call changes the state.
   */
  nextAt(): number | null
  stats(): MatchmakerStats
  /** The number of players waiting for a mode. */
  searching(mode: string): number
  /** The whole wait that a queued ticket may expect, in ms; null before anything is known, or when it is not queued. */
  estimate(id: string, now: number): number | null
  /** Null for a ticket that is not queued. */
  explain(id: string, now: number): Explanation | null
}
