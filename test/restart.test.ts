import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openMemoryMatchStore } from '../src/stores/memory/match-store.ts'
import { Player } from './support/player.ts'
import { startProcess } from './support/process.ts'
import { startWorld } from './support/world.ts'

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'muster-data-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

async function arrive(url: string, token?: string): Promise<Player> {
  const player = await new Player(url, { token }).arrive()
  onTestFinished(() => player.leaves())
  return player
}

/** Two players in a game of tic-tac-toe on a process that keeps its data in a directory. */
async function playing(env: Record<string, string>) {
  const server = startProcess(env)
  const url = await server.url
  const pair = [await arrive(url), await arrive(url)] as const
  for (const player of pair) await player.asks('queue:join', { mode: 'tictactoe' })
  const { matchId } = await pair[0].hears('match:found')
  for (const player of pair) await player.joins(matchId)
  for (const player of pair) await player.asks('match:ready')
  const { match } = await pair[0].asks('match:sync', { since: { epoch: 1, seq: 0 } })
  const turn = match.game.turn as 0 | 1
  return { server, pair, matchId, mover: pair[turn], waiter: pair[1 - turn] as Player, turn }
}
const mark = (cell: number) => ({ type: 'mark', data: { cell }, id: `mark-${cell}` })

async function again(env: Record<string, string>, pair: readonly Player[]) {
  const server = startProcess(env)
  const url = await server.url
  const back = await Promise.all(pair.map((player) => arrive(url, player.session.token)))
  return { server, url, back }
}

test('[ST1] [ST2] a game continues after kill -9', async () => {
  const env = { DATA_DIR: newDirectory() }
  const { server, pair, matchId, mover, waiter, turn } = await playing(env)
  const acked = await mover.asks('match:act', mark(0))
  await waiter.asks('match:set', { key: 'mood', value: 'tense' })
  const before = await mover.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  server.kill('SIGKILL')
  await server.exit

  const { back } = await again(env, pair)
  for (const [seat, player] of back.entries()) {
    expect(player.session.resumed.match).toMatchObject({ matchId, seat })
    const { seq } = before
    const joined = await player.joins(matchId, { since: { epoch: 1, seq } })
    expect(joined).toMatchObject({ ok: true, epoch: 2 })
    expect(joined.events[0]).toMatchObject({ epoch: 2, seq: seq + 1 })
  }
  const [mover2, waiter2] = [back[turn] as Player, back[1 - turn] as Player]
  const after = await mover2.asks('match:sync', { since: { epoch: 2, seq: 0 } })
  expect(after.match).toMatchObject({ state: 'playing', host: before.match.host, properties: before.match.properties })
  expect(after.match.game.cells).toEqual(before.match.game.cells)
  expect(after.match.deadline.at).toBeGreaterThanOrEqual(before.match.deadline.at)
  expect(after.events.map(({ seq }: { seq: number }) => seq)).toEqual(
    Array.from({ length: after.seq }, (_, n) => n + 1),
  )
  expect(after.events.slice(0, before.seq)).toEqual(before.events)
  expect(await mover2.asks('match:act', mark(0))).toEqual(acked)
  expect(await mover2.asks('match:act', mark(1))).toMatchObject({ error: { code: 'NOT_YOUR_TURN' } })
  for (const [player, cell] of [
    [waiter2, 3],
    [mover2, 1],
    [waiter2, 4],
    [mover2, 2],
  ] as const) {
    expect(await player.asks('match:act', mark(cell))).toMatchObject({ ok: true })
  }
  expect(await waiter2.hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    placements: [[turn], [1 - turn]],
  })
})

test('[RA1] [ST1] an announced rating is there after kill -9, and counts once', async () => {
  const env = { DATA_DIR: newDirectory() }
  const server = startProcess(env)
  const url = await server.url
  const pair = [await arrive(url), await arrive(url)] as const
  for (const player of pair) await player.asks('queue:join', { mode: 'duel' })
  const { matchId } = await pair[0].hears('match:found')
  for (const player of pair) await player.joins(matchId)
  for (const player of pair) await player.asks('match:ready')
  for (const player of pair) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  const { ratings } = await pair[0].hears('match:event', ({ type }) => type === 'result.final')
  server.kill('SIGKILL')
  await server.exit

  const { back } = await again(env, pair)
  const [ann] = back
  for (const player of pair) {
    const known = await ann?.asks('player:get', { playerId: player.id })
    expect(known.matches).toMatchObject([{ matchId, ratings }])
    const { seat } = known.matches[0].players.find((one: { playerId: string }) => one.playerId === player.id)
    expect(known.ratings[0]).toMatchObject({ mode: 'duel', matches: 1, rating: ratings[seat].after })
  }
})

test('[ST7] a stop ends no match: players are told, reconnect, and play on', async () => {
  const env = { DATA_DIR: newDirectory() }
  const { server, pair, matchId, mover, turn } = await playing(env)
  await mover.asks('match:act', mark(0))
  server.kill('SIGTERM')
  for (const player of pair) {
    expect((await player.hears('server:draining')).retryAfterMs).toBeGreaterThan(0)
    await player.hears('disconnect')
    expect(await player.heardSoFar('match:closed')).toEqual([])
  }
  expect(await server.exit).toEqual({ code: 0, complaint: '' })
  const { back } = await again(env, pair)
  for (const player of back) await player.joins(matchId)
  expect(await (back[1 - turn] as Player).asks('match:act', mark(1))).toMatchObject({ ok: true })
})

test('[ST6] a second process on the same directory is refused', async () => {
  const env = { DATA_DIR: newDirectory() }
  const first = startProcess(env)
  await first.url
  const { code, complaint } = await startProcess(env).exit
  expect(code).toBe(1)
  expect(complaint).toContain('in use by another Muster process')
})

test('[MT62] a match whose mode is missing waits for the mode, and its players are free', async () => {
  const directory = newDirectory()
  const { server, pair, matchId } = await playing({ DATA_DIR: directory })
  server.kill('SIGKILL')
  await server.exit
  const MUSTER_CONFIG = join(directory, 'config.mjs')
  writeFileSync(MUSTER_CONFIG, `export default { modes: [{ id: 'duel', teams: { count: 2, size: 1 } }] }`)
  const { server: next, back } = await again({ DATA_DIR: directory, MUSTER_CONFIG }, pair)
  expect(back[0]?.session.resumed).toEqual({})
  expect(await back[0]?.joins(matchId)).toMatchObject({ error: { code: 'UNAVAILABLE', retryable: true } })
  expect(await back[0]?.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  expect(await back[0]?.asks('queue:leave')).toMatchObject({ ok: true })
  expect(next.lines.map((line) => JSON.parse(line)).filter(({ match }) => match === matchId)).toMatchObject([
    { level: 40 },
  ])
  next.kill('SIGKILL')
  await next.exit
  const { back: again2 } = await again({ DATA_DIR: directory }, pair)
  expect(again2[0]?.session.resumed).toMatchObject({ match: { matchId } })
  expect(await again2[0]?.joins(matchId)).toMatchObject({ ok: true })
})

test('[ST8] a match that stalled the process three times is set aside', async () => {
  const directory = newDirectory()
  const { server, pair, matchId } = await playing({ DATA_DIR: directory })
  server.kill('SIGKILL')
  await server.exit
  writeFileSync(join(directory, 'stalls'), `${matchId}\nother\n${matchId}\n${matchId}\n`)
  const { server: next, back } = await again({ DATA_DIR: directory }, pair)
  expect(await back[0]?.joins(matchId)).toMatchObject({ error: { code: 'MATCH_ABORTED' } })
  next.kill('SIGKILL')
  await next.exit
  const { back: later } = await again({ DATA_DIR: directory }, pair)
  expect(await later[0]?.joins(matchId)).toMatchObject({ error: { code: 'MATCH_ABORTED' } })
})

test('[ST5] while the store is full new commands are refused, and are accepted when it has room again', async () => {
  let isFull = false
  const memory = openMemoryMatchStore()
  const full = <T>(): Promise<T> => Promise.reject(new Error('disk full'))
  const store = {
    ...memory,
    commit: (...args: Parameters<typeof memory.commit>) => (isFull ? full<boolean>() : memory.commit(...args)),
    beat: (now: number) => (isFull ? full<void>() : memory.beat(now)),
  }
  const world = await startWorld({ mode: { countdownMs: 0 }, store })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const cat = await world.player('cat')
  isFull = true
  await world.clock.advance(1_000)
  expect(await ann.asks('match:act', { type: 'x' })).toMatchObject({ error: { code: 'UNAVAILABLE', retryable: true } })
  expect(await cat.asks('queue:join', { mode: 'duel' })).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect((await fetch(`${world.url}/readyz`)).status).toBe(503)
  bob.drops()
  await world.clock.advance(1_000)
  expect(await ann.heardSoFar('match:event')).toEqual([])
  ann.sends('the relay needs no store')
  isFull = false
  await world.clock.advance(2_000)
  expect(await ann.hears('match:event')).toMatchObject({ type: 'player.away', seat: 1 })
  expect(await ann.asks('match:act', { type: 'x' })).toMatchObject({ ok: true })
  expect(await cat.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  expect((await fetch(`${world.url}/readyz`)).status).toBe(200)
})
