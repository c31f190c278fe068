import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Player } from './support/player.ts'
import { startProcess } from './support/process.ts'

// Everything here runs out within the freeze.
const CONFIG = `
const duel = { teams: { count: 2, size: 1 }, countdownMs: 0, joinMs: 3_000, graceMs: 3_000, settleMs: 3_000 }
const rules = {
  setup: () => ({ lost: 0 }),
  act: (state) => state,
  over: () => null,
  view: (state) => state,
  deadline: () => ({ name: 'turn', inMs: 3_000 }),
  timeout: (state) => ({ lost: state.lost + 1 }),
}
export default { modes: [{ id: 'checked', ...duel, readyCheckMs: 3_000 }, { id: 'turns', ...duel, rules }] }
`
const FREEZE_MS = 5_000

async function arrive(url: string, token?: string): Promise<Player> {
  const player = await new Player(url, { token }).arrive()
  onTestFinished(() => player.leaves())
  return player
}

async function paired(url: string, mode: string, event: string) {
  const pair = [await arrive(url), await arrive(url)] as const
  for (const player of pair) await player.asks('queue:join', { mode })
  const { matchId } = await pair[0].hears(event)
  await pair[1].hears(event)
  return { pair, matchId }
}

test('[ST45] a process that is stopped and resumed costs no player anything', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-freeze-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const MUSTER_CONFIG = join(directory, 'config.mjs')
  writeFileSync(MUSTER_CONFIG, CONFIG)
  const server = startProcess({ DATA_DIR: join(directory, 'data'), MUSTER_CONFIG })
  const url = await server.url
  const asked = await paired(url, 'checked', 'match:proposed')
  const playing = await paired(url, 'turns', 'match:found')
  for (const player of playing.pair) await player.joins(playing.matchId)
  const [ann, bob] = playing.pair

  server.kill('SIGSTOP')
  bob.drops()
  const accepting = asked.pair[0].asks('match:accept', { matchId: asked.matchId })
  await setTimeout(FREEZE_MS)
  server.kill('SIGCONT')

  expect(await accepting).toEqual({ ok: true })
  expect(await asked.pair[1].asks('match:accept', { matchId: asked.matchId })).toEqual({ ok: true })
  for (const player of asked.pair) expect(await player.hears('match:found')).toMatchObject({ matchId: asked.matchId })
  const back = await (await arrive(url, bob.session.token)).joins(playing.matchId)
  expect(back).toMatchObject({ ok: true, match: { state: 'playing', game: { lost: 0 } } })
  expect(await ann.hears('match:event', ({ type }) => type === 'player.back')).toMatchObject({ seat: 1 })
  expect(await ann.heardSoFar('match:event')).not.toContainEqual(expect.objectContaining({ type: 'player.forfeited' }))
  expect(server.lines.map((line) => JSON.parse(line).msg)).toContain('service stood still')
})
