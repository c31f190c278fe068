import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { GameRules } from '../../src/config/rules.ts'
import { ticTacToe } from '../../src/games/tictactoe.ts'
import { nextDeadline } from '../../src/machines/match/deadlines.ts'
import { openMatch, stepMatch } from '../../src/machines/match/match-step.ts'
import { upToDate } from '../../src/machines/match/migrations.ts'
import { opening } from '../support/openings.ts'

const examples = globSync('test/machines/snapshots/*.json').sort()
const referee = { rules: ticTacToe as GameRules, sandbox: <T>(run: () => T) => run() }

test('[ST4] every form up to today’s has an example', () => {
  const today = openMatch(opening()).snapshot.schema
  expect(examples).toEqual(Array.from({ length: today }, (_, n) => `test/machines/snapshots/${n + 1}.json`))
})

test.each(examples)('[ST4] %s is brought up to date, and the match goes on to its end', (path) => {
  const stored = JSON.parse(readFileSync(path, 'utf8'))
  const before = structuredClone(stored)
  let snapshot = upToDate(stored)
  expect(stored).toEqual(before)
  if (!snapshot) throw new Error('not brought up to date')
  expect(Object.keys(snapshot.context).sort()).toEqual(Object.keys(openMatch(opening()).snapshot.context).sort())
  expect(upToDate(snapshot)).toEqual(snapshot)
  snapshot = stepMatch(
    snapshot,
    { type: 'service.restored', outageMs: 1_000, jumpMs: 0, at: 1_795_200_000_000 },
    referee,
  ).snapshot
  for (let steps = 0; steps < 20; steps++) {
    const due = nextDeadline(snapshot.state, snapshot.context)
    if (due === null) break
    snapshot = stepMatch(snapshot, { type: 'deadline.passed', heard: {}, at: due }, referee).snapshot
  }
  expect(snapshot.state).toBe('closed')
})

test.each([
  null,
  5,
  'x',
  {},
  { schema: 6 },
  { schema: 99, state: 'playing', context: {} },
  { schema: 6, state: 'dancing', context: { seats: [] } },
  { schema: 6, state: 'playing', context: {} },
])('[ST4] %j is no snapshot of any form', (stored) => expect(upToDate(stored)).toBeNull())
