/**
 * The API of the matchmaker. All instants and durations are in milliseconds on the caller's clock; ratings are in
 * points on any scale.
 */

export interface MatchmakerMode {
  id: string
  /** How many teams a match has, and how many players each: free for all is `n × 1`, co-op `1 × n`. */
  teams: number
  teamSize: number
  /** After `shortHandedAfterMs` a match may start with as few teams, or with equal teams as small as this. */
  minTeams?: number
  minTeamSize?: number
  shortHandedAfterMs?: number
  /** For each team, how many players of which role. Roles are only looked at where they are named here. */
  roles?: Readonly<Record<string, number>>
  /** In place of the matchmaker's own, for this mode. */
  pointsPerSecond?: number
  maxWaitMs?: number
  maxLatencyMs?: number
}

export interface MatchmakerOptions {
  modes: readonly MatchmakerMode[]
  /** Where matches can be played; without any, latencies are not looked at. */
  regions?: readonly string[]
  /** The one knob: how many rating points of mismatch a second of waiting is worth. 3 by default. */
  pointsPerSecond?: number
  /** The wait after which a ticket accepts any permitted match; 120,000 by default. */
  maxWaitMs?: number
  /** A region further away than this is out of the question; 150 by default. */
  maxLatencyMs?: number
  /** What a millisecond of latency beyond one's best region costs, in points. 0.1 by default. */
  pointsPerLatencyMs?: number
}

export interface TicketPlayer {
  readonly id: string
  /** What the player's skill is believed to be, and how far off that may be. */
  readonly mu: number
  readonly sigma?: number
  /** The roles this player would take, in place of the ticket's. */
  readonly roles?: readonly string[]
}
export type Attribute = string | number | boolean
/** What an attribute of every other ticket must be: this, one of these, or within these bounds. */
export type Want = Attribute | readonly Attribute[] | { readonly min?: number; readonly max?: number }

/** A wish to play, of one player or of a party that stays together, in one team. */
export interface Ticket {
  readonly id: string
  readonly mode: string | readonly string[]
  readonly players: readonly TicketPlayer[]
  /** Milliseconds to each region; the largest among a party's. Without any, every region will do. */
  readonly latencies?: Readonly<Record<string, number>>
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly wants?: Readonly<Record<string, Want>>
  /** Players whom no player of this ticket may meet. */
  readonly block?: readonly string[]
  /** The roles its players would take; any, when absent. */
  readonly roles?: readonly string[]
  /** Waiting from before it was added, which counts like waiting since. */
  readonly creditMs?: number
}
export type TicketPatch = Partial<Omit<Ticket, 'id'>>

/** A match that goes on and has free seats. */
export interface Backfill {
  readonly id: string
  readonly mode: string
  readonly region?: string
  /** The players of each team, for all teams of the match. Seats missing to `teamSize` are free. */
  readonly teams: readonly (readonly TicketPlayer[])[]
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly wants?: Readonly<Record<string, Want>>
  readonly block?: readonly string[]
  readonly creditMs?: number
}

/** Tickets that may play together; they are held until the proposal is confirmed or rejected. */
export interface Proposal {
  readonly id: string
  readonly mode: string
  /** Null where there are no regions. */
  readonly region: string | null
  /** The tickets of each team. */
  readonly teams: readonly (readonly Ticket[])[]
  /** The match that they join, where it is a backfill. */
  readonly backfill?: string
  /** How uneven the group is, in points: weighed against waiting. */
  readonly mismatch: number
  /** How far apart the means of the best and the worst team are, in points. */
  readonly gap: number
}

export interface TickOptions {
  /** About so many tickets of one against one are looked at, fewer of larger matches; the rest at the next tick. */
  maxWork?: number
  maxMatches?: number
}

/** Why a ticket is still waiting. */
export interface Explanation {
  waitedMs: number
  /** The mismatch that it accepts by now, in points; null once it accepts any. */
  tolerance: number | null
  /** The instant from which it accepts any permitted match. */
  unconditionalAt: number
  /** Others waiting in its modes. */
  searching: number
  /** How many of those each rule keeps away from it; one may be kept away by several. */
  blockedBy: Record<BlockedBy, number>
  /** Arrivals per second and rating point around it, as learned; 0 before anything is known. */
  density: number
  /** What is still to be expected, or null before anything is known. */
  expectedWaitMs: number | null
}
/** `rating`: not near enough yet; `size`: no group of the sizes at hand can be filled with it. */
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
/** A ticket or backfill that cannot be taken; nothing has changed. */
export class TicketError extends Error {
  readonly fault: TicketFault
  constructor(fault: TicketFault, message: string) {
    super(message)
    this.name = 'TicketError'
    this.fault = fault
  }
}

/**
 * Pure: no clock, timer, randomness or I/O; the same calls give the same answers. Every ticket that was added is
 * exactly one of queued, held, matched or removed. An instant that is no number from 0 to 8.64e15 is a `RangeError`, and
 * nothing changes.
 */
export interface Matchmaker {
  /** Throws a `TicketError` for an invalid ticket, and for an id or player that is queued already. */
  add(ticket: Ticket, now: number): void
  /**
   * Removes the ticket, also from a proposal; the others of the proposal are requeued with their age. Returns whether
   * it was there.
   */
  remove(id: string, now: number): boolean
  /** Changes a queued ticket, which keeps its age. False, and nothing changes, when it is not queued. */
  update(id: string, patch: TicketPatch, now: number): boolean
  addBackfill(request: Backfill, now: number): void
  /** The match accepts no more players; tickets that were proposed to it are requeued at `now` with their age. */
  removeBackfill(id: string, now: number): boolean
  /** Makes the decisions that are due, the oldest ticket first. */
  tick(now: number, options?: TickOptions): Proposal[]
  /** The match is made: its tickets are gone. Whether there was such a proposal. */
  confirm(proposalId: string): boolean
  /**
   * Withdraws a proposal: the tickets in `who` are removed, the others requeued with their age, and the same group is
   * not proposed again at once. Returns whether there was such a proposal.
   */
  reject(proposalId: string, refusal: { who: readonly string[]; now: number }): boolean
  /** The earliest instant at which a tick may do something, or null: as things are, never. */
  nextAt(): number | null
  stats(): MatchmakerStats
  /** The number of players waiting for a mode. */
  searching(mode: string): number
  /** The whole wait that a queued ticket may expect, in ms; null before anything is known, or when it is not queued. */
  estimate(id: string, now: number): number | null
  /** Null for a ticket that is not queued. */
  explain(id: string, now: number): Explanation | null
}
