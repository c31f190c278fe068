import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Player } from '../../support/player.ts'
import { startProcess } from '../../support/process.ts'

async function arrive(url: string, token?: string): Promise<Player> {
  const player = await new Player(url, { token }).arrive()
  onTestFinished(() => player.leaves())
  return player
}

test.each(['SIGKILL', 'SIGTERM'] as const)('[LO18] a process goes by %s: its lobbies do not', async (signal) => {
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'muster-data-'))
  onTestFinished(() => rmSync(DATA_DIR, { recursive: true, force: true }))
  const first = startProcess({ DATA_DIR })
  const url = await first.url
  const [ann, bob, cat] = [await arrive(url), await arrive(url), await arrive(url)]
  const wish = { mode: 'tictactoe', name: 'The Keep', visibility: 'private', password: 'sesame' }
  const { lobby } = await ann.asks('lobby:create', wish)
  await bob.asks('lobby:join', { code: lobby.code, password: 'sesame' })
  await bob.asks('lobby:ready', { ready: true })
  const { matchId } = await ann.asks('lobby:start')
  const waiting = await cat.asks('lobby:create', { mode: 'duel', name: 'The Moor', visibility: 'public' })
  first.kill(signal)
  await first.exit

  const url2 = await startProcess({ DATA_DIR }).url
  const back = [await arrive(url2, ann.session.token), await arrive(url2, bob.session.token)]
  for (const player of back) {
    const { id, code } = lobby
    expect(player.session.resumed).toMatchObject({ match: { matchId }, lobby: { id, code, state: 'inMatch', matchId } })
    expect(await player.joins(matchId)).toMatchObject({ ok: true })
  }
  await back[0]?.asks('match:leave')
  for (const player of back) {
    const open = await player.hears('lobby:state', (said) => said.lobby.state === 'open')
    expect(open.lobby.members).toMatchObject([{ playerId: ann.id }, { playerId: bob.id }])
  }
  const { lobbies } = await (back[0] as Player).asks('lobby:list')
  expect(lobbies).toMatchObject([{ id: waiting.lobby.id, name: 'The Moor' }])
})
