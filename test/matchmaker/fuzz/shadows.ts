import type { Matchmaker, MatchmakerOptions, Ticket } from '../../../src/matchmaker/api.ts'
import { hold } from './broken.ts'
import { crowded } from './crowded.ts'
import type { ShadowKind } from './scenario.ts'
import { asIs, type Call, type Make, plain, rounded, type Shadow } from './shadow.ts'

export function createShadow(kind: ShadowKind, make: Make, options: MatchmakerOptions): Shadow | null {
  const matchmaker = make(options)
  switch (kind) {
    case 'none':
      return null
    case 'same':
      return { matchmaker, ...asIs }
    case 'idle':
      return idle(matchmaker)
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
      const at = last === null ? now : Math.max(last, Math.floor(last + (now - last) * part))
      const due = matchmaker.nextAt()
      if (due !== null && due <= at) continue
      const found = matchmaker.tick(at)
      hold(
        found.length === 0,
        'nothing happens before nextAt',
        () => `${due}, ticked at ${at}: ${JSON.stringify(found)}`,
      )
    }
    last = now
  }
  return { matchmaker, ...asIs, before }
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
    if (name === 'removeBackfill') return { name, args: [args[0], args[1] + LATER_MS] }
    if (name === 'remove' || name === 'explain' || name === 'estimate')
      return { name, args: [args[0], args[1] + LATER_MS] }
    return call
  }
  function says(call: Call, answer: unknown, isShadow: boolean): unknown {
    const back = isShadow ? LATER_MS : 0
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
  return { matchmaker, hears, says: (call, answer) => rounded(plain(call, answer)) }
}
