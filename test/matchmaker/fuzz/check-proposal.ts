import type { Backfill, MatchmakerMode, Proposal, Ticket } from '../../../src/matchmaker/api.ts'
import { hold } from './broken.ts'
import { type Entry, keyOf, type Ledger, type Opening } from './ledger.ts'
import {
  acceptEachOther,
  areBlocked,
  canReach,
  headsOf,
  regionsOf,
  type Side,
  shapesOf,
  teamHasItsRoles,
  teamMayHaveItsRoles,
} from './limits.ts'

/** Looks at one proposal before it counts as held. */
export function checkProposal(said: Proposal, ledger: Ledger, now: number): void {
  const mode = ledger.modes.get(said.mode)
  hold(mode !== undefined, 'a proposal is of a known mode', () => said.mode)
  if (!mode) return
  const isNew = !ledger.offers.has(said.id) && !ledger.closed.has(said.id)
  hold(isNew, 'a proposal has an id of its own', () => said.id)
  hold(said.teams.flat().length > 0, 'a proposal is of tickets', () => said.id)
  const entries = checkTickets(said, ledger)
  // What was said about a ticket by whoever added it, whatever the proposal says of it.
  const proposal = {
    ...said,
    teams: said.teams.map((team) => team.map((one) => ledger.entries.get(one.id)?.ticket ?? one)),
  }
  const group = proposal.teams.flat()
  const opening = proposal.backfill === undefined ? null : openingOf(proposal, ledger)
  if (opening) checkSeats(proposal, opening, ledger)
  else checkSize(proposal, mode, now - Math.min(...entries.map(({ bornAt }) => bornAt)))
  const guests = opening ? ledger.guestsOf(opening) : []
  checkPairs(opening ? [...group, everyoneOf(opening.request), ...guests.flat()] : group)
  checkRegion(proposal, { mode, opening, ledger })
  for (const [n, team] of proposal.teams.entries()) {
    const there = opening?.request.teams[n] ?? []
    const isFine = opening
      ? teamMayHaveItsRoles(mode, [...(guests[n] ?? []), ...team], there)
      : teamHasItsRoles(mode, team)
    hold(isFine, 'every team has its roles', () => told(proposal))
  }
  checkNumbers(proposal, opening?.request.teams, guests)
  const groupKey = keyOf(
    group.map(({ id }) => id),
    said.backfill,
  )
  const downAt = ledger.turnedDown.get(groupKey)
  hold(downAt === undefined || downAt < now, 'a rejected group does not come back at once', () => told(proposal))
}

const told = ({ id, mode, region, teams, backfill }: Proposal): string =>
  JSON.stringify({ id, mode, region, backfill, teams: teams.map((team) => team.map((one) => one.id)) })

function checkTickets(proposal: Proposal, { entries }: Ledger): Entry[] {
  const seen = new Set<string>()
  const players = new Set<string>()
  return proposal.teams.flat().map((ticket) => {
    const entry = entries.get(ticket.id)
    if (!entry || entry.heldBy !== null) hold(false, 'only queued tickets are proposed', () => told(proposal))
    hold(!seen.has(ticket.id), 'no ticket twice', () => told(proposal))
    seen.add(ticket.id)
    const ids = ticket.players.map(({ id }) => id)
    const isWhole = JSON.stringify(ticket.players) === JSON.stringify(entry?.ticket.players)
    hold(isWhole, 'parties stay whole', () => `${told(proposal)}: ${ids} of ${ticket.id}`)
    const { mode = '' } = entry?.ticket ?? {}
    const isOfMode = typeof mode === 'string' ? mode === proposal.mode : mode.includes(proposal.mode)
    hold(isOfMode, 'a ticket plays a mode it asked for', () => told(proposal))
    for (const id of ids) hold(!players.has(id), 'no player twice', () => told(proposal))
    for (const id of ids) players.add(id)
    return entry as Entry
  })
}

function checkSize(proposal: Proposal, mode: MatchmakerMode, oldestWaitMs: number): void {
  const sizes = proposal.teams.map(headsOf)
  const isShape = shapesOf(mode, oldestWaitMs).some(
    ([count, size]) => sizes.length === count && sizes.every((heads) => heads === size),
  )
  hold(isShape, 'matches have a legal size', () => `${told(proposal)}: ${sizes} after ${oldestWaitMs} ms`)
}

function openingOf(proposal: Proposal, { openings }: Ledger): Opening {
  const opening = openings.get(proposal.backfill ?? '')
  hold(opening?.request.mode === proposal.mode, 'a backfill is of a match that goes on', () => told(proposal))
  return opening as Opening
}

function checkSeats(proposal: Proposal, opening: Opening, ledger: Ledger): void {
  const free = ledger.freeSeats(opening)
  const isRight =
    proposal.teams.length === free.length && proposal.teams.every((team, n) => headsOf(team) <= (free[n] ?? 0))
  hold(isRight, 'a backfill is never over-filled', () => `${told(proposal)}: ${free} were free`)
}

function checkPairs(sides: readonly Side[]): void {
  const choosy = (side: Side) => side.wants !== undefined || side.block !== undefined
  for (const [n, one] of sides.entries()) {
    for (const other of sides.slice(choosy(one) ? 0 : sides.length)) {
      if (other === one) continue
      hold(acceptEachOther(one, other), 'everyone accepts everyone', () => `${idOf(one)} and ${idOf(other)}, ${n}`)
      hold(!areBlocked(one, other), 'blocks are kept', () => `${idOf(one)} and ${idOf(other)}, ${n}`)
    }
  }
}
const everyoneOf = (request: Backfill): Side => ({ ...request, players: request.teams.flat() })
const idOf = ({ players }: Side): string => players.map(({ id }) => id).join('+')

interface Place {
  mode: MatchmakerMode
  opening: Opening | null
  ledger: Ledger
}
function checkRegion({ region, teams, id }: Proposal, { mode, opening, ledger }: Place): void {
  const { options } = ledger
  const wanted = opening ? ledger.regionOf(opening) : undefined
  hold(wanted === undefined || wanted === region, 'a backfill stays in its region', () => `${id}: ${region}`)
  hold(regionsOf(options).includes(region), 'a proposal has a region', () => `${id}: ${region}`)
  const isNear = (ticket: Ticket) => canReach(ticket, region, mode, options)
  const far = () => `${id}: ${region} is too far for ${teams.flat().find((one) => !isNear(one))?.id}`
  hold(teams.flat().every(isNear), 'the region is near enough for all', far)
}

function checkNumbers(proposal: Proposal, there: Backfill['teams'] = [], guests: Ticket[][]): void {
  const { mismatch, gap } = proposal
  hold(Number.isFinite(mismatch) && mismatch >= 0, 'mismatch is a number of points', () => `${mismatch}`)
  const means = proposal.teams.flatMap((team, n) => {
    const players = [...(there[n] ?? []), ...[...(guests[n] ?? []), ...team].flatMap((one) => one.players)]
    return players.length === 0 ? [] : [players.reduce((sum, { mu }) => sum + mu, 0) / players.length]
  })
  const expected = Math.max(...means) - Math.min(...means)
  const isClose = Math.abs(gap - expected) <= 1e-6 * (1 + Math.max(...means.map(Math.abs)))
  hold(isClose, 'the gap is that of the team means', () => `${told(proposal)}: ${gap} instead of ${expected}`)
}
