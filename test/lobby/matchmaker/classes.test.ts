import { expect, test } from 'vitest'
import { createMatchmaker } from '../../../src/lobby/matchmaker/matchmaker.ts'

const MANY = 600
const duel = { id: 'duel', teams: 2, teamSize: 1 }

/** What is known of how often which class comes. */
function ratesIn(snapshot: object): number {
  const { lanes } = snapshot as { lanes: { state: { rates: unknown[] } }[] }
  return lanes.reduce((sum, { state }) => sum + state.rates.length, 0)
}

test('what was learned of wants that nobody has any more is forgotten, whoever had them last', () => {
  const matchmaker = createMatchmaker({ modes: [duel] })
  for (let n = 0; n < MANY; n += 1) {
    const attributes = { map: `map ${n}` }
    matchmaker.add({ id: `t${n}`, mode: 'duel', players: [{ id: `p${n}`, mu: 1_500 }], attributes }, n)
    matchmaker.addBackfill({ id: `b${n}`, mode: 'duel', teams: [[], []], attributes }, n)
    matchmaker.remove(`t${n}`, n)
    matchmaker.removeBackfill(`b${n}`, n)
  }
  expect(ratesIn(matchmaker.snapshot())).toBeLessThanOrEqual(256)
})
