import type { Explanation, Matchmaker, Proposal } from '../../../src/matchmaker/api.ts'
import { ELSEWHERE } from './modes.ts'
import { bare, type Call, plain, rounded, type Shadow } from './shadow.ts'

/** Others play another mode beside its players. */
export function crowded(matchmaker: Matchmaker): Shadow {
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
    if (call.name === 'stats' || call.name === 'searching') return undefined
    // Whom a rule keeps away is told from a sample of all who wait.
    if (call.name === 'explain' && answer !== null) return rounded({ ...(answer as Explanation), blockedBy: null })
    if (call.name !== 'tick') return rounded(plain(call, answer))
    const here = (answer as Proposal[]).filter(({ mode }) => mode !== ELSEWHERE.id)
    if (!isShadow) expected = here
    else for (const [n, { id }] of here.entries()) idHere.set(expected[n]?.id ?? id, id)
    return rounded(here.map((proposal) => ({ ...bare(proposal), id: null })))
  }
  return { matchmaker, hears, before, says }
}
