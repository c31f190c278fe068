import type { Standing } from '../../config/rules.ts'
import type { EpochMs } from '../../ports.ts'
import type { Claim, Outcome, Result } from '../../protocol/match-view.ts'
import { type Change, isWonByForfeit, type MatchContext } from './match-context.ts'
import { isInMatch, isPresent, isTaken, type Seat } from './seats.ts'

// A claim of a match with a thousand seats has 7 KB, so each distinct result is kept once and told once.
const MOST_TOLD_CHARS = 1_000
const MOST_COMPARED = 4

type Claims = MatchContext['claims']

const claimOfSeat = (claims: Claims, seat: number): Claim | undefined => {
  const claim = claims[seat]
  return claim && 'as' in claim ? (claims[claim.as] as Claim) : claim
}
const claimsOfPlayers = ({ seats, claims }: MatchContext): (Claim | undefined)[] =>
  seats.filter(isInMatch).map(({ seat }) => claimOfSeat(claims, seat))

/** Whether all players of the match claim the same, including those who are away and may come back. */
export function everyoneAgrees(context: MatchContext): boolean {
  const said = claimsOfPlayers(context)
  return context.seats.some(isPresent) && said.every((claim) => claim && isSame(claim, said[0] as Claim))
}

/** Decides the match by the result that everyone claims. */
export function decideAsAgreed(context: MatchContext): Change {
  const [claim] = claimsOfPlayers(context)
  return claim ? decide(context, 'completed', claim) : settle(context)
}

export function claimResult({ claims }: MatchContext, seat: number, claim: Claim): Change {
  const others = withoutClaim(claims, seat)
  const known = Object.entries(others).filter(isOwn)
  const same = known.slice(0, MOST_COMPARED).find(([, other]) => isSame(other, claim))
  const isTold = !same && known.length < MOST_COMPARED
  const isSmall = essence(claim).length <= MOST_TOLD_CHARS
  return {
    next: { claims: { ...others, [seat]: same ? { as: Number(same[0]) } : claim } },
    facts: [{ type: 'result.claimed', seat, ...((isTold || isSmall) && { result: claim }) }],
  }
}

const isOwn = (entry: [string, Claim | { as: number }]): entry is [string, Claim] => !('as' in entry[1])

/** The claims without that of one seat. The first other seat that claimed the same keeps the result. */
function withoutClaim(claims: Claims, seat: number): Claims {
  const { [seat]: own, ...others } = claims
  if (!own || 'as' in own) return others
  const same = Object.entries(others).filter(([, claim]) => 'as' in claim && claim.as === seat)
  const heir = same[0] && Number(same[0][0])
  for (const [other] of same) others[Number(other)] = Number(other) === heir ? own : { as: heir as number }
  return others
}

/** The longest extension of settling: enough for a player who drops to come back and claim. */
const longestOvertimeMs = ({ mode }: MatchContext): number => mode.graceMs + mode.settleMs

/** Whether a player who is away may still come back and claim. */
export const somebodyMayReturn = (context: MatchContext, at: EpochMs): boolean =>
  context.overtimeMs < longestOvertimeMs(context) && lastReturn(context) > at

const lastReturn = ({ seats }: MatchContext): EpochMs =>
  Math.max(0, ...seats.map((seat) => (seat.status === 'away' ? seat.until : 0)))

/** Extends settling for players who are away. */
export const waitForReturn = (context: MatchContext): Change => putOff(context, lastReturn(context))

/** A player who returns after `settleBy` gets some time to claim. */
export const waitForReturned = (context: MatchContext, at: EpochMs): Change =>
  context.overtimeMs > 0 ? putOff(context, at + context.mode.settleMs) : { next: {}, facts: [] }

function putOff(context: MatchContext, until: EpochMs): Change {
  const { deadline, overtimeMs } = context
  const byMs = deadline ? Math.min(until - deadline.at, longestOvertimeMs(context) - overtimeMs) : 0
  if (!deadline || byMs <= 0) return { next: {}, facts: [] }
  const later = { ...deadline, at: deadline.at + byMs }
  return {
    next: { deadline: later, overtimeMs: overtimeMs + byMs },
    facts: [{ type: 'state.changed', state: 'settling', deadline: later }],
  }
}

/** Decides by the claims: the result that more than half of the claiming players claim, else disputed. */
export function settle(context: MatchContext): Change {
  const hasSpoken = claimsOfPlayers(context).some((claim) => claim !== undefined)
  // A player who claims a victory and leaves has not beaten those who stay.
  if (!hasSpoken && isWonByForfeit(context)) return decideByForfeit(context)
  const claims = Object.keys(context.claims).flatMap((seat) => claimOfSeat(context.claims, Number(seat)) ?? [])
  const times = new Map<string, number>()
  for (const claim of claims) times.set(essence(claim), (times.get(essence(claim)) ?? 0) + 1)
  const agreed = claims.find((claim) => (times.get(essence(claim)) ?? 0) * 2 > claims.length)
  if (agreed) return decide(context, 'completed', agreed)
  const everyone = { placements: [context.seats.map(({ seat }) => seat)] }
  return decide(context, 'completed', everyone, true)
}

/** Decides by the standing of the rules. */
export const decideByRules = (context: MatchContext, standing: Standing): Change =>
  decide(context, 'completed', claimOf(standing))

/** Decides by forfeit: the last team wins, the others follow. */
export function decideByForfeit(context: MatchContext): Change {
  const ofTeam = (seats: Seat[]) => seats.map(({ seat }) => seat)
  const winner = context.seats.find(isTaken)?.team
  const placements = [
    ofTeam(context.seats.filter(({ team }) => team === winner)),
    ofTeam(context.seats.filter(({ team }) => team !== winner)),
  ]
  return decide(context, 'completed', { placements })
}

function decide(context: MatchContext, outcome: Outcome, claim: Claim, isDisputed = false): Change {
  const { unrated } = context
  const result: Result = {
    outcome,
    ...whole(context, claim),
    ...(isDisputed && { disputed: true as const }),
    ...(unrated && { unrated }),
  }
  return { next: { outcome, result }, facts: [{ type: 'result.final', ...result }] }
}

// A player whom a claim does not name has left, and comes last.
function whole({ seats }: MatchContext, { placements, scores }: Claim): Pick<Result, 'placements' | 'scores'> {
  const named = new Set(placements.flat())
  const unnamed = seats.filter(({ seat }) => !named.has(seat)).map(({ seat }) => seat)
  const all = unnamed.length > 0 ? [...placements, unnamed] : placements
  return scores ? { placements: all, scores } : { placements: all }
}

const claimOf = ({ placements, scores }: Standing): Claim =>
  scores ? { placements, scores: Object.fromEntries(Object.entries(scores)) } : { placements }

// The order of seats of equal rank, and of scores, does not matter.
const isSame = (a: Claim, b: Claim): boolean => a === b || essence(a) === essence(b)
function essence(claim: Claim): string {
  const known = essences.get(claim)
  if (known !== undefined) return known
  const { placements, scores = {} } = claim
  const text = JSON.stringify([
    placements.map((rank) => [...rank].sort((x, y) => x - y)),
    Object.entries(scores).sort(([x], [y]) => Number(x) - Number(y)),
  ])
  essences.set(claim, text)
  return text
}
// Cached: a large match compares each claim with all later ones.
const essences = new WeakMap<Claim, string>()

/** Why a claim is invalid, or null: it names a seat twice, an unknown seat, or omits a player. */
export function faultOfClaim({ seats }: MatchContext, { placements, scores = {} }: Claim): string | null {
  const all = placements.flat()
  const named = new Set(all)
  const known = new Set(seats.map(({ seat }) => seat))
  if (named.size !== all.length) return 'a seat is named twice'
  if (all.some((seat) => !known.has(seat)) || Object.keys(scores).some((seat) => !known.has(Number(seat)))) {
    return 'a seat is named that is not in the match'
  }
  if (placements.some((rank) => rank.length === 0)) return 'a rank is empty'
  return seats.filter(isInMatch).every(({ seat }) => named.has(seat)) ? null : 'a player is left out'
}
