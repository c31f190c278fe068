import type { Backfill, MatchmakerMode, Ticket } from '../../../../src/lobby/matchmaker/face.ts'
import { hold } from './broken.ts'
import type { Entry, Ledger } from './ledger.ts'
import { canReach, headsOf, maxWaitOf, mayMeet, teamHasItsRoles } from './limits.ts'
import { findGroup } from './search.ts'

/** Whoever was in a group that was turned down may be left alone for so long. */
const REST_MS = 10_000
const SMALL = 8

/** When everyone has waited long enough, nobody who could play is left. */
export function checkLiveness(ledger: Ledger, now: number): void {
  for (const mode of ledger.modes.values()) {
    const patience = maxWaitOf(mode, ledger.options)
    const pool = ledger
      .queued(mode.id)
      .filter(({ bornAt, ticket }) => now - bornAt > patience && !ledger.wasTurnedDown(ticket.id, now - REST_MS))
    if (pool.length === 0 || pool.length > SMALL) continue
    checkGroups(pool, mode, ledger, now)
    checkOpenings(pool, mode, ledger)
  }
}

function checkGroups(pool: readonly Entry[], mode: MatchmakerMode, ledger: Ledger, now: number): void {
  const waiting = pool.map(({ ticket, bornAt }) => ({ ticket, waitedMs: now - bornAt }))
  const group = findGroup(waiting, { mode, rules: ledger.options })
  const told = () => JSON.stringify({ mode: mode.id, region: group?.region, teams: group?.teams })
  hold(group === null, 'whatever could play does play', told)
}

function checkOpenings(pool: readonly Entry[], mode: MatchmakerMode, ledger: Ledger): void {
  const openings = [...ledger.openings.values()].filter(({ request }) => request.mode === mode.id)
  for (const opening of openings) {
    const { request, joined } = opening
    const free = ledger.freeSeats(opening)
    const isOffered = [...ledger.offers.values()].some(({ proposal }) => proposal.backfill === request.id)
    const fits = ({ ticket }: Entry) =>
      fitsIn(ticket, request, joined, { free, mode }) && isNear(ticket, request, mode, ledger)
    const left = isOffered || joined.flat().length > 0 ? undefined : pool.find(fits)
    hold(!left, 'whoever fits into a match joins it', () => `${left?.ticket.id} into ${request.id}`)
  }
}

const isNear = (ticket: Ticket, { region }: Backfill, mode: MatchmakerMode, { options }: Ledger): boolean =>
  (region === undefined ? (options.regions ?? [null]) : [region]).some((one) => canReach(ticket, one, mode, options))

interface Room {
  free: readonly number[]
  mode: MatchmakerMode
}
function fitsIn(ticket: Ticket, request: Backfill, joined: readonly Ticket[][], { free, mode }: Room): boolean {
  const there = { ...request, players: request.teams.flat() }
  if (![there, ...joined.flat()].every((one) => mayMeet(ticket, one))) return false
  return free.some((seats, n) => {
    if (seats < headsOf([ticket])) return false
    return teamHasItsRoles(mode, [...(joined[n] ?? []), ticket], request.teams[n] ?? [])
  })
}
