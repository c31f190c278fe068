import { expect, test } from 'vitest'
import { check } from '../../../../tools/bots/chaos/check/check.ts'
import { kinds } from '../../../../tools/bots/chaos/faults.ts'
import { comebacks, type Findings, isBroken, reportOf } from '../../../../tools/bots/chaos/report.ts'
import { BACK_AT, historyWith } from './history.ts'

function findings(): Findings {
  const history = historyWith()
  const server = { startsMs: [700, 900], complaints: new Map([['warning: it is late', 2]]), said: [] }
  return { verdict: check(history), history, server, stuck: [] }
}
const lastTwo = (of: Findings) => reportOf(of).slice(-2)

test('a run in which nothing was lost says so, and what it looked for', () => {
  expect(isBroken(findings())).toBe(false)
  expect(lastTwo(findings())).toEqual([
    'lost 0 duplicated 0 gaps 0 false forfeits 0 matches lost 0',
    'nothing was lost',
  ])
})

for (const kind of kinds) {
  test(`one fault of the kind “${kind}” breaks the run, and is told`, () => {
    const { verdict, ...rest } = findings()
    const broken = { ...rest, verdict: { ...verdict, faults: [{ kind, what: 'line 7 of m1 is odd' }] } }
    expect(isBroken(broken)).toBe(true)
    expect(reportOf(broken)).toContainEqual(expect.stringMatching(`^${kind} +line 7 of m1 is odd$`))
    expect(lastTwo(broken)).toEqual([expect.stringContaining(`${kind} 1`), `BROKEN: ${kind} 1`])
  })
}

test('a bot that does not come to an end breaks the run', () => {
  const broken = { ...findings(), stuck: ['bot-3 was stuck at queueing'] }
  expect(isBroken(broken)).toBe(true)
  expect(reportOf(broken).join('\n')).toContain('bot-3 was stuck at queueing')
})

test('a run in which nothing was acked proves nothing', () => {
  const { verdict, ...rest } = findings()
  expect(lastTwo({ ...rest, verdict: { ...verdict, acked: 0 } })[1]).toBe('BROKEN: nothing was acked')
})

test('warnings of the server are reported and break nothing', () => {
  expect(reportOf(findings()).join('\n')).toContain('warning: it is late 2')
})

test('how long it took until each bot had its seat again is measured from each start', () => {
  expect(comebacks(historyWith())).toEqual([14_110 - BACK_AT, 14_210 - BACK_AT])
})
