import type {
  Backfill,
  MatchmakerMode,
  MatchmakerOptions,
  Proposal,
  Ticket,
  TicketPatch,
} from '../../../src/matchmaker/api.ts'
import { headsOf } from './limits.ts'

export interface Entry {
  ticket: Ticket
  /** When its wait began: credit is waiting too. */
  bornAt: number
  /** The proposal that holds it. */
  heldBy: string | null
}
export interface Opening {
  request: Backfill
  /** Who joined by confirmed proposals, team by team. */
  joined: Ticket[][]
  /** Where those play who joined. */
  region?: string | null
}
export interface Offer {
  proposal: Proposal
  ids: string[]
}
const modesOf = ({ mode }: Ticket): readonly string[] => (typeof mode === 'string' ? [mode] : mode)
/** The same for the same tickets and the same match that they were to join. */
export const keyOf = (ids: readonly string[], backfill = ''): string => [backfill, ...ids.toSorted()].join(' ')

/** What the matchmaker must know after each call: the model it is compared with. */
export function createLedger(options: MatchmakerOptions) {
  const modes = new Map<string, MatchmakerMode>(options.modes.map((mode) => [mode.id, mode]))
  const entries = new Map<string, Entry>()
  const players = new Map<string, string>()
  const offers = new Map<string, Offer>()
  const openings = new Map<string, Opening>()
  /** When a group of tickets was last turned down. */
  const turnedDown = new Map<string, number>()
  const turnedDownAt = new Map<string, number>()
  const gone: Ticket[] = []
  /** Proposals that are no more. */
  const closed = new Set<string>()
  const searching: Record<string, number> = Object.fromEntries(options.modes.map(({ id }) => [id, 0]))
  const count = { added: 0, removed: 0, matched: 0, queued: 0, held: 0 }

  function search(ticket: Ticket, sign: 1 | -1): void {
    count.queued += sign
    for (const mode of modesOf(ticket)) searching[mode] = (searching[mode] ?? 0) + sign * ticket.players.length
  }
  function add(ticket: Ticket, now: number): void {
    entries.set(ticket.id, { ticket, bornAt: now - (ticket.creditMs ?? 0), heldBy: null })
    for (const { id } of ticket.players) players.set(id, ticket.id)
    count.added += 1
    search(ticket, 1)
  }
  function update(entry: Entry, patch: TicketPatch): void {
    search(entry.ticket, -1)
    for (const { id } of entry.ticket.players) players.delete(id)
    entry.ticket = { ...entry.ticket, ...patch }
    for (const { id } of entry.ticket.players) players.set(id, entry.ticket.id)
    search(entry.ticket, 1)
  }
  function forget(entry: Entry, as: 'removed' | 'matched'): void {
    entries.delete(entry.ticket.id)
    for (const { id } of entry.ticket.players) players.delete(id)
    gone.push(entry.ticket)
    count[as] += 1
    if (entry.heldBy === null) search(entry.ticket, -1)
    else count.held -= 1
  }
  function requeue(entry: Entry): void {
    entry.heldBy = null
    count.held -= 1
    search(entry.ticket, 1)
  }
  function remove(id: string): boolean {
    const entry = entries.get(id)
    if (!entry) return false
    const { heldBy } = entry
    forget(entry, 'removed')
    if (heldBy !== null) dissolve(heldBy)
    return true
  }
  /** Those of an offer who are still here search on. */
  function dissolve(proposalId: string): void {
    const offer = offers.get(proposalId)
    if (offers.delete(proposalId)) closed.add(proposalId)
    for (const id of offer?.ids ?? []) {
      const entry = entries.get(id)
      if (entry?.heldBy === proposalId) requeue(entry)
    }
  }
  function offered(proposal: Proposal): void {
    const ids = proposal.teams.flat().map(({ id }) => id)
    offers.set(proposal.id, { proposal, ids })
    for (const id of ids) {
      const entry = entries.get(id)
      if (!entry) continue
      search(entry.ticket, -1)
      entry.heldBy = proposal.id
      count.held += 1
    }
  }
  function confirm(proposalId: string): boolean {
    const offer = offers.get(proposalId)
    if (!offer) return false
    offers.delete(proposalId)
    closed.add(proposalId)
    const opening = openings.get(offer.proposal.backfill ?? '')
    for (const [n, team] of offer.proposal.teams.entries()) opening?.joined[n]?.push(...team)
    if (opening) opening.region = offer.proposal.region
    if (opening && isFull(opening)) openings.delete(opening.request.id)
    for (const id of offer.ids) {
      const entry = entries.get(id)
      if (entry) forget(entry, 'matched')
    }
    return true
  }
  function reject(proposalId: string, who: readonly string[], now: number): boolean {
    const offer = offers.get(proposalId)
    if (!offer) return false
    turnedDown.set(keyOf(offer.ids, offer.proposal.backfill), now)
    for (const one of offer.ids) turnedDownAt.set(one, now)
    for (const id of offer.ids) {
      const entry = entries.get(id)
      if (entry && who.includes(id)) forget(entry, 'removed')
    }
    dissolve(proposalId)
    return true
  }
  const open = (request: Backfill) => {
    openings.set(request.id, { request, joined: request.teams.map(() => []) })
  }
  /** A match that ends takes back what was offered in it. */
  function close(id: string): boolean {
    for (const [proposalId, { proposal }] of offers) if (proposal.backfill === id) dissolve(proposalId)
    return openings.delete(id)
  }
  const isFull = ({ request, joined }: Opening): boolean => {
    const { teams = 0, teamSize = 0 } = modes.get(request.mode) ?? {}
    return request.teams.flat().length + headsOf(joined.flat()) >= teams * teamSize
  }
  /** How many seats each team of a match has left, offers counted as taken. */
  function freeSeats(opening: Opening): number[] {
    const { teamSize = 0 } = modes.get(opening.request.mode) ?? {}
    return guestsOf(opening).map((guests, n) => teamSize - (opening.request.teams[n]?.length ?? 0) - headsOf(guests))
  }
  const offersTo = ({ request }: Opening): Proposal[] =>
    [...offers.values()].map(({ proposal }) => proposal).filter(({ backfill }) => backfill === request.id)
  /** Who joined a match, or may any moment, team by team. */
  const guestsOf = (opening: Opening): Ticket[][] =>
    opening.joined.map((joined, n) => [...joined, ...offersTo(opening).flatMap(({ teams }) => teams[n] ?? [])])
  /** Where a match is; undefined while it may still be anywhere. */
  const regionOf = (opening: Opening): string | null | undefined =>
    opening.request.region ?? opening.region ?? offersTo(opening)[0]?.region
  const wasTurnedDown = (id: string, since: number): boolean => (turnedDownAt.get(id) ?? -Infinity) >= since
  const queued = (mode?: string): Entry[] =>
    [...entries.values()].filter(
      ({ heldBy, ticket }) => heldBy === null && (mode === undefined || modesOf(ticket).includes(mode)),
    )

  return {
    options,
    modes,
    entries,
    players,
    offers,
    openings,
    turnedDown,
    gone,
    closed,
    count,
    searching,
    ...{
      add,
      update,
      remove,
      offered,
      confirm,
      reject,
      open,
      close,
      freeSeats,
      guestsOf,
      regionOf,
      wasTurnedDown,
      queued,
    },
  }
}
export type Ledger = ReturnType<typeof createLedger>
