import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { MatchCommit } from '../../../../src/match/match-store.ts'
import { openSqliteStores } from '../../../../src/stores/sqlite/stores.ts'
import { readStore } from '../../../../tools/bots/chaos/store.ts'

const log = { error() {}, warn() {}, info() {} } as unknown as Parameters<typeof openSqliteStores>[0]['log']

test('the logs and results that a server has left are read, and left as they are', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-chaos-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const { store } = await openSqliteStores({ directory, log })
  const line = { matchId: 'm1', epoch: 3, seq: 1, at: 5, type: 'state.changed', state: 'ended' }
  const result = { matchId: 'm1', mode: 'duel', endedAt: 5, outcome: 'completed', placements: [[1], [0]], players: [] }
  const commit = { matchId: 'm1', epoch: 3, after: 0, snapshot: {}, lines: [line], result } as unknown as MatchCommit
  await store.commit(commit)
  await store.close()
  expect(readStore(directory)).toMatchObject({
    matches: [{ matchId: 'm1', epoch: 3, seq: 1, lines: [line] }],
    results: [{ matchId: 'm1', placements: [[1], [0]] }],
    damaged: [],
  })
})
