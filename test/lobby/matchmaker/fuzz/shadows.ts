import type { Matchmaker, MatchmakerOptions, Proposal, Ticket } from '../../../../src/lobby/matchmaker/face.ts'
import { ELSEWHERE } from './modes.ts'
import type { ShadowKind } from './scenario.ts'

export type Make = (options: MatchmakerOptions) => Matchmaker
export type Call = {
  [M in Exclude<keyof Matchmaker, 'restore'>]: { name: M; args: Parameters<Matchmaker[M]> }
}[Exclude<keyof Matchmaker, 'restore'>]

/** A second matchmaker that hears the same calls, or what must come to the same. */
export interface Shadow {
  matchmaker: Matchmaker
  /** What it hears of a call. */
  hears: (call: Call) => Call
  /** What it goes through before a call at that instant, or null before one that has none. */
  before?: (now: number | null) => void
  /** Makes its answer comparable with the first one's; undefined where there is nothing to compare. */
  says: (call: Call, answer: unknown, isShadow: boolean) => unknown
}

export const instantOf = ({ name, args }: Call): number | null => {
  if (name === 'reject') return args[1].now
  if (name === 'tick') return args[0]
  return name === 'add' || name === 'remove' || name === 'addBackfill' || name === 'explain'
    ? args[1]
    : name === 'update'
      ? args[2]
      : null
}
const bare = ({ id, mode, region, teams, backfill, mismatch, gap }: Proposal) => ({
  ...{ id, mode, region, backfill, mismatch, gap },
  teams: teams.map((team) => team.map((ticket) => ticket.id)),
})
const plain = ({ name }: Call, answer: unknown): unknown => {
  if (name === 'snapshot') return undefined
  return name === 'tick' ? (answer as Proposal[]).map(bare) : answer
}
const asIs = { hears: (call: Call) => call, says: plain }

export function createShadow(kind: ShadowKind, make: Make, options: MatchmakerOptions): Shadow | null {
  const matchmaker = make(options)
  switch (kind) {
    case 'none':
      return null
    case 'same':
      return { matchmaker, ...asIs }
    case 'idle':
      return idle(matchmaker)
    case 'restored':
      return restored(matchmaker, () => make(options))
    case 'later':
      return later(matchmaker)
    case 'stronger':
      return stronger(matchmaker)
    case 'crowded':
      return crowded(matchmaker)
  }
}

/** It is also ticked at instants at which nothing is due. */
function idle(matchmaker: Matchmaker): Shadow {
  let last: number | null = null
  function before(now: number | null): void {
    if (now === null) return
    for (const part of [0.25, 0.5, 1]) {
      const at = last === null ? now : Math.floor(last + (now - last) * part)
      const due = matchmaker.nextAt()
      if ((due === null || due > at) && matchmaker.tick(at).length > 0) throw new Error('a tick before nextAt matched')
    }
    last = now
  }
  return { matchmaker, ...asIs, before }
}

/** It is stored and brought back again and again. */
function restored(first: Matchmaker, make: () => Matchmaker): Shadow {
  let calls = 0
  const shadow: Shadow = {
    matchmaker: first,
    ...asIs,
    before() {
      calls += 1
      if (calls % 7 > 0) return
      const stored = JSON.stringify(shadow.matchmaker.snapshot())
      shadow.matchmaker = make()
      shadow.matchmaker.restore(JSON.parse(stored))
    },
  }
  return shadow
}

const LATER_MS = 2 ** 34 + 12_345
/** Everything happens to it some time later. */
function later(matchmaker: Matchmaker): Shadow {
  function hears(call: Call): Call {
    const { name, args } = call
    if (name === 'reject') return { name, args: [args[0], { ...args[1], now: args[1].now + LATER_MS }] }
    if (name === 'tick') return { name, args: [args[0] + LATER_MS, args[1]] }
    if (name === 'update') return { name, args: [args[0], args[1], args[2] + LATER_MS] }
    if (name === 'add') return { name, args: [args[0], args[1] + LATER_MS] }
    if (name === 'addBackfill') return { name, args: [args[0], args[1] + LATER_MS] }
    if (name === 'remove' || name === 'explain') return { name, args: [args[0], args[1] + LATER_MS] }
    return call
  }
  function says(call: Call, answer: unknown, isShadow: boolean): unknown {
    const back = isShadow ? LATER_MS : 0
    if (call.name === 'nextAt' && typeof answer === 'number') return answer - back
    if (call.name === 'explain' && answer !== null) {
      const { unconditionalAt, ...rest } = answer as ReturnType<Matchmaker['explain']> & object
      return { ...rest, unconditionalAt: unconditionalAt - back }
    }
    return plain(call, answer)
  }
  return { matchmaker, hears, says }
}

const STRONGER_BY = 2 ** 14
/** Everyone is better by the same. */
function stronger(matchmaker: Matchmaker): Shadow {
  const raise = (players: Ticket['players']) => players.map((one) => ({ ...one, mu: one.mu + STRONGER_BY }))
  function hears(call: Call): Call {
    const { name, args } = call
    if (name === 'add') return { name, args: [{ ...args[0], players: raise(args[0].players) }, args[1]] }
    if (name === 'addBackfill') return { name, args: [{ ...args[0], teams: args[0].teams.map(raise) }, args[1]] }
    if (name !== 'update' || !args[1].players) return call
    return { name, args: [args[0], { ...args[1], players: raise(args[1].players) }, args[2]] }
  }
  return { matchmaker, ...asIs, hears }
}

/** Others play another mode beside its players. */
function crowded(matchmaker: Matchmaker): Shadow {
  const idHere = new Map<string, string>()
  let expected: Proposal[] = []
  let count = 0
  function before(now: number | null): void {
    count += 1
    if (now === null || count % 3 > 0) return
    const id = `elsewhere-${count}`
    matchmaker.add({ id, mode: ELSEWHERE.id, players: [{ id, mu: (count * 7) % 100 }] }, now)
    if (count % 5 === 0) matchmaker.remove(`elsewhere-${count - 3}`, now)
  }
  function hears(call: Call): Call {
    const { name, args } = call
    if (name === 'confirm') return { name, args: [idHere.get(args[0]) ?? args[0]] }
    return name === 'reject' ? { name, args: [idHere.get(args[0]) ?? args[0], args[1]] } : call
  }
  function says(call: Call, answer: unknown, isShadow: boolean): unknown {
    if (call.name === 'nextAt' || call.name === 'stats') return undefined
    if (call.name !== 'tick') return plain(call, answer)
    const here = (answer as Proposal[]).filter(({ mode }) => mode !== ELSEWHERE.id)
    if (!isShadow) expected = here
    else for (const [n, { id }] of here.entries()) idHere.set(expected[n]?.id ?? id, id)
    return here.map((proposal) => ({ ...bare(proposal), id: null }))
  }
  return { matchmaker, hears, before, says }
}
