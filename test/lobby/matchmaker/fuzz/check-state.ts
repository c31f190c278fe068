import type { Backfill, MatchmakerMode, Proposal, Ticket } from '../../../../src/lobby/matchmaker/face.ts'
import { hold } from './broken.ts'
import { type Entry, keyOf, type Ledger } from './ledger.ts'
import { canReach, headsOf, maxWaitOf, mayMeet, teamHasItsRoles } from './limits.ts'
import type { Machine } from './machine.ts'
import { findGroup } from './search.ts'

/** After a group was turned down, for so long nobody has to propose it again. */
const REST_MS = 60_000
const SMALL = 8

/** Nobody is lost and nobody is twice: what the matchmaker counts is what there is. */
export function checkCounts({ ask }: Machine, { count, openings, searching }: Ledger): void {
  const stats = ask('stats')
  const { added, removed, matched, queued, held } = stats
  const seen = JSON.stringify({ added, removed, matched, queued, held })
  hold(seen === JSON.stringify(count), 'everyone is in one place', () => `${seen} of ${JSON.stringify(count)}`)
  const isRight = Object.entries(searching).every(([mode, players]) => (stats.searching[mode] ?? 0) === players)
  const told = () => `${JSON.stringify(stats.searching)} of ${JSON.stringify(searching)}`
  hold(isRight, 'players who wait are counted by mode', told)
  hold(stats.backfills === openings.size, 'backfills are counted', () => `${stats.backfills} of ${openings.size}`)
}

/** Who waits keeps every millisecond of the wait. */
export function checkAge({ ask }: Machine, ledger: Ledger, { ticket, bornAt, heldBy }: Entry, now: number): void {
  const explanation = ask('explain', ticket.id, now)
  if (heldBy !== null) return hold(explanation === null, 'only queued tickets wait', () => ticket.id)
  const waitedMs = now - bornAt
  const isKept = explanation?.waitedMs === waitedMs
  hold(isKept, 'a wait is kept', () => `${ticket.id} waited ${waitedMs}, not ${explanation?.waitedMs}`)
  const mode = typeof ticket.mode === 'string' ? ledger.modes.get(ticket.mode) : undefined
  if (!mode || !explanation) return
  const at = bornAt + maxWaitOf(mode, ledger.options)
  const { unconditionalAt } = explanation
  hold(unconditionalAt === at, 'waiting has an end', () => `${ticket.id}: ${unconditionalAt}, not ${at}`)
}

export function checkNextAt({ ask }: Machine): void {
  const at = ask('nextAt')
  hold(at === null || Number.isFinite(at), 'nextAt is an instant or null', () => `${at}`)
}

/** When everyone has waited long enough, nobody who could play is left. */
export function checkLiveness(ledger: Ledger, now: number): void {
  for (const mode of ledger.modes.values()) {
    const patience = maxWaitOf(mode, ledger.options)
    const pool = ledger.queued(mode.id).filter(({ bornAt }) => now - bornAt > patience)
    if (pool.length === 0 || pool.length > SMALL) continue
    checkGroups(pool, mode, ledger, now)
    checkOpenings(pool, mode, ledger)
  }
}

function checkGroups(pool: readonly Entry[], mode: MatchmakerMode, ledger: Ledger, now: number): void {
  const waiting = pool.map(({ ticket, bornAt }) => ({ ticket, waitedMs: now - bornAt }))
  const isOut = (ids: readonly string[]) => now - (ledger.turnedDown.get(keyOf(ids)) ?? -Infinity) <= REST_MS
  const group = findGroup(waiting, { mode, rules: ledger.options, isOut })
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

/** Of tickets that differ in nothing but their age, the older ones play first. */
export function checkOrder(
  proposals: readonly Proposal[],
  born: ReadonlyMap<string, number>,
  ledger: Ledger,
  now: number,
) {
  const waiting = ledger.queued()
  if (waiting.some(({ ticket }) => ticket.block)) return
  const oldest = new Map<string, Entry>()
  for (const entry of waiting) {
    const likeness = likenessOf(entry.ticket)
    if (wasTurnedDown(entry.ticket.id, ledger, now)) continue
    if (entry.bornAt < (oldest.get(likeness)?.bornAt ?? Infinity)) oldest.set(likeness, entry)
  }
  for (const ticket of proposals.flatMap(({ teams }) => teams.flat())) {
    if (ticket.block) return
    const older = oldest.get(likenessOf(ticket))
    const isFair = !older || older.bornAt >= (born.get(ticket.id) ?? 0)
    hold(isFair, 'of equal tickets the older plays first', () => `${ticket.id} before ${older?.ticket.id}`)
  }
}
const wasTurnedDown = (id: string, { turnedDown }: Ledger, now: number): boolean =>
  [...turnedDown].some(([key, at]) => now - at <= REST_MS && key.split(' ').includes(id))

const likenesses = new WeakMap<Ticket, string>()
function likenessOf(ticket: Ticket): string {
  const known = likenesses.get(ticket)
  if (known !== undefined) return known
  const { id: _, creditMs: __, players, ...rest } = ticket
  const likeness = JSON.stringify([rest, players.map(({ id: ___, ...player }) => player)])
  likenesses.set(ticket, likeness)
  return likeness
}
