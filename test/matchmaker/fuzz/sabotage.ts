import type { Matchmaker, MatchmakerOptions, Proposal, Ticket } from '../../../src/matchmaker/api.ts'
import type { Make } from './shadow.ts'

type Spoil = (matchmaker: Matchmaker, options: MatchmakerOptions) => Partial<Matchmaker>
const spoiling =
  (spoil: Spoil) =>
  (make: Make): Make =>
  (options) => {
    const matchmaker = make(options)
    return { ...matchmaker, ...spoil(matchmaker, options) }
  }
/** Every ticket is heard as something else. */
const hearing = (change: (ticket: Ticket, nth: number) => Ticket) =>
  spoiling((matchmaker) => {
    let added = 0
    return { add: (ticket, now) => matchmaker.add(change(ticket, added++), now) }
  })
/** Every proposal comes out as something else. */
const saying = (change: (proposal: Proposal, options: MatchmakerOptions) => Proposal) =>
  spoiling((matchmaker, options) => ({
    tick: (now, bounds) => matchmaker.tick(now, bounds).map((proposal) => change(proposal, options)),
  }))
const without = (ticket: Ticket, field: keyof Ticket): Ticket => {
  const { [field]: _, ...rest } = ticket
  return rest as Ticket
}
const inTeams = (proposal: Proposal, change: (teams: Ticket[][]) => void): Proposal => {
  const teams = proposal.teams.map((team) => [...team])
  change(teams)
  return { ...proposal, teams }
}

/** Those who search on after a rejection begin anew. */
const forgetful = spoiling((matchmaker) => {
  const offers = new Map<string, Proposal>()
  const since = new Map<string, number>()
  return {
    tick(now, bounds) {
      const proposals = matchmaker.tick(now, bounds)
      for (const proposal of proposals) offers.set(proposal.id, proposal)
      return proposals
    },
    reject(id, refusal) {
      for (const ticket of offers.get(id)?.teams.flat() ?? []) since.set(ticket.id, refusal.now)
      return matchmaker.reject(id, refusal)
    },
    explain(id, now) {
      const explanation = matchmaker.explain(id, now)
      return explanation && { ...explanation, waitedMs: now - (since.get(id) ?? now - explanation.waitedMs) }
    },
  }
})
const stubborn = spoiling((matchmaker) => {
  let last: Proposal[] = []
  return {
    tick(now, bounds) {
      const again = last.map((proposal) => ({ ...proposal, id: `${proposal.id} again` }))
      last = []
      const proposals = matchmaker.tick(now, bounds)
      last = proposals
      return again.length > 0 ? again : proposals
    },
  }
})
let instances = 0

/** Matchmakers with one broken piece, and the promise that each of them breaks. */
export const sabotages: [piece: string, promise: RegExp, sabotage: (make: Make) => Make][] = [
  [
    'one that drops a ticket',
    /one place/,
    spoiling((matchmaker) => {
      let added = 0
      return {
        add(ticket, now) {
          added += 1
          if (added % 5 > 0) matchmaker.add(ticket, now)
        },
      }
    }),
  ],
  [
    'one that splits a party',
    /parties stay whole/,
    saying((proposal) =>
      inTeams(proposal, ([first, second]) => {
        const party = first?.find(({ players }) => players.length > 1)
        if (!first || !second || !party) return
        first[first.indexOf(party)] = { ...party, players: party.players.slice(1) }
        second.push({ ...party, id: `${party.id}'`, players: party.players.slice(0, 1) })
      }),
    ),
  ],
  ['one that ignores blocks', /blocks/, hearing((ticket) => without(ticket, 'block'))],
  ['one that ignores wants', /everyone accepts/, hearing((ticket) => without(ticket, 'wants'))],
  ['one that ignores distances', /near enough/, hearing((ticket) => without(ticket, 'latencies'))],
  ['one that ignores credit', /a wait is kept/, hearing((ticket) => without(ticket, 'creditMs'))],
  [
    'one that forgets which region it chose',
    /near enough|has a region/,
    saying((proposal, { regions = [] }) => ({ ...proposal, region: regions.at(-1) ?? null })),
  ],
  [
    'one that moves somebody to the other team',
    /legal size/,
    saying((proposal) =>
      inTeams(proposal, ([first, second]) => {
        const moved = first?.pop()
        if (moved) second?.push(moved)
      }),
    ),
  ],
  [
    'one that knows no roles',
    /has its roles/,
    (make) => (options) => make({ ...options, modes: options.modes.map(({ roles: _, ...mode }) => mode) }),
  ],
  [
    'one that starts short-handed too early',
    /legal size/,
    (make) => (options) =>
      make({
        ...options,
        modes: options.modes.map((mode) => ('shortHandedAfterMs' in mode ? { ...mode, shortHandedAfterMs: 1 } : mode)),
      }),
  ],
  ['one that forgets how long somebody waited', /a wait is kept/, forgetful],
  ['one that proposes what it has just proposed', /only queued|come back/, stubborn],
  [
    'one that lets somebody in whose rating is no number',
    /what cannot be/,
    hearing((ticket) => ({
      ...ticket,
      players: ticket.players.map((one) => ({ ...one, mu: Number.isFinite(one.mu) ? one.mu : 0 })),
    })),
  ],
  [
    'one that keeps somebody from everyone',
    /could play/,
    hearing((ticket, nth) => (nth % 4 > 0 ? ticket : { ...ticket, wants: { nobody: 'has this' } })),
  ],
  ['one whose proposals outlive a cancel', /happened/, spoiling(() => ({ confirm: () => true }))],
  ['one that sleeps', /before nextAt/, spoiling(() => ({ nextAt: () => null }))],
  ['one that never sleeps', /all that is due/, spoiling(() => ({ nextAt: () => 0 }))],
  [
    'one that ignores maxMatches',
    /maxMatches/,
    spoiling((matchmaker) => ({ tick: (now, { maxMatches: _, ...bounds } = {}) => matchmaker.tick(now, bounds) })),
  ],
  [
    'one that counts a seat twice',
    /over-filled/,
    spoiling((matchmaker) => ({
      addBackfill: (request, now) =>
        matchmaker.addBackfill({ ...request, teams: request.teams.map((team) => team.slice(1)) }, now),
    })),
  ],
  [
    'one that answers differently the second time',
    /the same answers/,
    (make) => (options) => make({ ...options, pointsPerSecond: (options.pointsPerSecond ?? 3) + (instances++ % 2) }),
  ],
]
