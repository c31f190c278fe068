import { isInMatch, isPresent, isTaken, type Seat } from '../match/seats.ts'
import type { Claim, Outcome, Result } from '../protocol/match-view.ts'
import type { Standing } from '../rules.ts'
import type { Change, MatchContext } from './match-context.ts'

/** Everyone who is here says the same; after a restart, everyone who was. */
export function everyoneAgrees({ seats, claims, isAwaitingReturn }: MatchContext): boolean {
  const said = seats.filter(isAwaitingReturn ? isInMatch : isPresent).map(({ seat }) => claims[seat])
  return seats.some(isPresent) && said.every((claim) => claim !== undefined && isSame(claim, said[0] as Claim))
}

export const claimResult = ({ claims }: MatchContext, seat: number, claim: Claim): Change => ({
  next: { claims: { ...claims, [seat]: claim } },
  facts: [{ type: 'result.claimed', seat, result: claim }],
})

/** What follows from the claims: what more than half of those who said something say, or else that it is disputed. */
export function settle(context: MatchContext): Change {
  const claims = Object.values(context.claims)
  const agreed = claims.find((claim) => claims.filter((other) => isSame(other, claim)).length * 2 > claims.length)
  if (agreed) return decide(context, 'completed', agreed)
  const everyone = { placements: [context.seats.map(({ seat }) => seat)] }
  return decide(context, 'completed', everyone, true)
}

/** The rules have spoken. */
export const decideByRules = (context: MatchContext, standing: Standing): Change =>
  decide(context, 'completed', claimOf(standing))

/** Only one team is left of a game that the rules would have decided: it wins, the others follow. */
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
  const result: Result = { outcome, ...whole(context, claim), ...(isDisputed && { disputed: true as const }) }
  return { next: { outcome, result }, facts: [{ type: 'result.final', ...result }] }
}

// Whoever a claim does not name has left, and comes last.
function whole({ seats }: MatchContext, { placements, scores }: Claim): Pick<Result, 'placements' | 'scores'> {
  const named = new Set(placements.flat())
  const unnamed = seats.filter(({ seat }) => !named.has(seat)).map(({ seat }) => seat)
  const all = unnamed.length > 0 ? [...placements, unnamed] : placements
  return scores ? { placements: all, scores } : { placements: all }
}

const claimOf = ({ placements, scores }: Standing): Claim =>
  scores ? { placements, scores: Object.fromEntries(Object.entries(scores)) } : { placements }

// Seats of equal rank have no order among themselves, nor have scores.
const isSame = (a: Claim, b: Claim): boolean => essence(a) === essence(b)
const essence = ({ placements, scores = {} }: Claim): string =>
  JSON.stringify([
    placements.map((rank) => [...rank].sort((x, y) => x - y)),
    Object.entries(scores).sort(([x], [y]) => Number(x) - Number(y)),
  ])

/** Why a claim cannot be one of this match, or null: it names a seat twice, a foreign one, or leaves a player out. */
export function faultOfClaim({ seats }: MatchContext, { placements, scores = {} }: Claim): string | null {
  const named = placements.flat()
  const known = new Set(seats.map(({ seat }) => seat))
  if (new Set(named).size !== named.length) return 'a seat is named twice'
  if (named.some((seat) => !known.has(seat)) || Object.keys(scores).some((seat) => !known.has(Number(seat)))) {
    return 'a seat is named that is not in the match'
  }
  if (placements.some((rank) => rank.length === 0)) return 'a rank is empty'
  return seats.filter(isInMatch).every(({ seat }) => named.includes(seat)) ? null : 'a player is left out'
}
