import type { MatchmakerMode, Ticket } from '../../../src/matchmaker/api.ts'
import { hold } from './broken.ts'
import type { Entry, Ledger, Opening } from './ledger.ts'
import { canReach, headsOf, maxWaitOf, mayMeet, regionsOf, shapesOf, teamMayHaveItsRoles } from './limits.ts'
import { findGroup } from './search.ts'

/** Whoever was in a group that was turned down may be left alone for so long. */
const REST_MS = 10_000
const SMALL = 8

/** When everyone has waited long enough, nobody who could play is left. */
export function checkLiveness(ledger: Ledger, now: number): void {
  for (const mode of ledger.modes.values()) {
    // As long as the youngest may wait for full teams, a match of its own is not yet what it has to take.
    const patience = Math.max(maxWaitOf(mode, ledger.options), mode.shortHandedAfterMs ?? 0)
    const pool = ledger
      .queued(mode.id)
      .filter(({ bornAt, ticket }) => now - bornAt > patience && !ledger.wasTurnedDown(ticket.id, now - REST_MS))
    checkSolos(pool, mode, ledger, now)
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

/** Of those who are alone and ask for nothing any will do: there are never enough of them for a match. */
function checkSolos(pool: readonly Entry[], mode: MatchmakerMode, ledger: Ledger, now: number): void {
  const plain = pool.filter(({ ticket: { players, wants, block, roles } }) => {
    return players.length === 1 && !wants && !block && !roles && !players[0]?.roles
  })
  for (const region of regionsOf(ledger.options)) {
    const near = plain.filter(({ ticket }) => canReach(ticket, region, mode, ledger.options))
    if (near.length === 0) continue
    const oldest = Math.max(...near.map(({ bornAt }) => now - bornAt))
    const least = Math.min(...shapesOf(mode, oldest).map(([count, size]) => count * size))
    hold(near.length < least, 'whatever could play does play', () => `${near.length} of ${mode.id} in ${region}`)
  }
}

function checkOpenings(pool: readonly Entry[], mode: MatchmakerMode, ledger: Ledger): void {
  for (const opening of ledger.openings.values()) {
    const { id, mode: wanted } = opening.request
    const left = wanted === mode.id ? pool.find(({ ticket }) => fitsIn(ticket, opening, mode, ledger)) : undefined
    hold(!left, 'whoever fits into a match joins it', () => `${left?.ticket.id} into ${id}`)
  }
}

function fitsIn(ticket: Ticket, opening: Opening, mode: MatchmakerMode, ledger: Ledger): boolean {
  const { request } = opening
  const guests = ledger.guestsOf(opening)
  const region = ledger.regionOf(opening)
  const regions = region === undefined ? regionsOf(ledger.options) : [region]
  if (!regions.some((one) => canReach(ticket, one, mode, ledger.options))) return false
  const everyone = [{ ...request, players: request.teams.flat() }, ...guests.flat()]
  if (!everyone.every((one) => mayMeet(ticket, one))) return false
  return ledger.freeSeats(opening).some((seats, n) => {
    const team = [...(guests[n] ?? []), ticket]
    return seats >= headsOf([ticket]) && teamMayHaveItsRoles(mode, team, request.teams[n] ?? [])
  })
}
