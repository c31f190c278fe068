import { expect, test } from 'vitest'
import { brokenIn, type Findings, reportOf } from '../../../tools/bots/report.ts'

const fine: Findings = {
  matches: { made: 3, begun: 3 },
  tally: {
    sent: 10,
    owed: 20,
    delivered: 20,
    lost: 0,
    duplicated: 0,
    echoed: 0,
    outOfOrder: 0,
    strayed: 0,
    cutOff: 0,
  },
  latencyMs: { p50: 0.5, p95: 1, p99: 2, max: 3 },
  faults: [],
  refusals: [],
}

test('a run in which all is well ends with the words that say so', () => {
  expect(brokenIn(fine)).toEqual([])
  expect(reportOf(fine).at(-1)).toBe('all invariants hold')
})

for (const kind of ['lost', 'duplicated', 'echoed', 'outOfOrder', 'strayed'] as const) {
  test(`one message ${kind} breaks the run`, () => {
    const findings = { ...fine, tally: { ...fine.tally, [kind]: 1 } }
    expect(brokenIn(findings)).toHaveLength(1)
    expect(reportOf(findings).at(-1)).toMatch(/^BROKEN: messages .+: 1$/)
  })
}

test('a run without a match is broken', () => {
  expect(brokenIn({ ...fine, matches: { made: 1, begun: 0 } })).toEqual(['no match was played'])
})

test('a fault is named, with how often it happened', () => {
  const faults = [
    { what: 'a connection was lost', times: 2 },
    { what: 'a ticket never ended', times: 1 },
  ]
  expect(reportOf({ ...fine, faults }).at(-1)).toBe('BROKEN: a connection was lost, 2 times; a ticket never ended')
})

test('a refused request is shown and breaks nothing', () => {
  const findings = { ...fine, refusals: [{ what: 'queue:join OVERLOADED', times: 4 }] }
  expect(reportOf(findings).join('\n')).toContain('queue:join OVERLOADED 4')
  expect(brokenIn(findings)).toEqual([])
})
