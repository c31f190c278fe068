import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../src/config/config.ts'
import { readEnv } from '../src/settings/env.ts'
import { Player } from './support/player.ts'
import { startProcess } from './support/process.ts'
import { startWorld } from './support/world.ts'

function fileWith(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'muster-')), name)
  writeFileSync(path, text)
  return path
}

test('[OP4] on SIGTERM the players of fifty matches are told, and the process exits with 0', async () => {
  const server = startProcess({
    MUSTER_CONFIG: fileWith(
      'c.mjs',
      `export default { modes: [{ id: 'duel', players: { min: 2, max: 2 }, countdownMs: 0 }] }`,
    ),
  })
  const url = await server.url
  const players = await Promise.all(Array.from({ length: 100 }, (_, n) => new Player(url, { name: `p${n}` }).arrive()))
  onTestFinished(() => players.forEach((player) => void player.leaves()))
  const queued = await new Player(url, { name: 'queued' }).arrive()
  for (const player of players) expect(await player.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  for (const player of players) await player.joins((await player.hears('match:found')).matchId)
  expect(await queued.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  server.kill('SIGTERM')
  for (const player of players) {
    expect((await player.hears('server:draining')).retryAfterMs).toBeGreaterThan(0)
    expect(await player.hears('match:closed')).toMatchObject({ outcome: 'aborted' })
    await player.hears('disconnect')
  }
  expect(await queued.hears('queue:ended')).toMatchObject({ reason: 'drained' })
  expect(await server.exit).toEqual({ code: 0, complaint: '' })
  expect(server.lines.map((line) => JSON.parse(line).level).filter((level) => level >= 50)).toEqual([])
})

test('[OP4] a silent client does not delay a stop', async () => {
  const server = startProcess()
  const url = new URL(await server.url)
  const mute = connectTcp(Number(url.port), url.hostname)
  await new Promise((resolve) => mute.once('connect', resolve))
  const half = connectTcp(Number(url.port), url.hostname)
  half.write('GET /healthz HTTP/1.1\r\nHost: x\r\n')
  const player = await new Player(url.origin, { name: 'asleep' }).arrive()
  const engine = player.lobby.io.engine as unknown as { transport: { ws: { _socket: { pause(): void } } } }
  engine.transport.ws._socket.pause()
  for (const peer of [mute, half]) peer.on('error', () => {})
  server.kill('SIGTERM')
  expect(await server.exit).toEqual({ code: 0, complaint: '' })
  player.leaves()
})

test('[OP4] a repeated signal stops the process once', async () => {
  const server = startProcess()
  await server.url
  server.kill('SIGTERM')
  server.kill('SIGINT')
  expect(await server.exit).toEqual({ code: 0, complaint: '' })
})

test('[OP4] a draining server refuses new players', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const stranger = world.stranger({})
  const closing = world.server.close()
  stranger.lobby.connect()
  await ann.hears('server:draining')
  expect(await stranger.hears('connect_error')).toBeDefined()
  await closing
  expect(world.clock.pending).toBe(0)
})

test.each([
  [{ PORT: 'many' }, 'PORT'],
  [{ PORT: '70000' }, 'PORT'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ NODE_ENV: 'production' }, 'SESSION_SECRET'],
  [{ SESSION_SECRET: 'short' }, 'SESSION_SECRET'],
  [{ SESSION_SECRET_FILE: '/nowhere/secret' }, 'SESSION_SECRET_FILE'],
  [{ JWKS_URL: 'not a url' }, 'JWKS_URL'],
  [{ JWKS_URL: 'ftp://game.example/keys' }, 'JWKS_URL'],
  [{ JWKS_URL: 'https://me:secret@game.example/keys' }, 'JWKS_URL'],
  [{ JWKS_URL: 'https://game.example/keys', JWT_SECRET: 'x'.repeat(16) }, 'JWT_SECRET'],
  [{ JWT_ISSUER: 'game' }, 'JWT_ISSUER'],
  [{ JWT_AUDIENCE: 'muster' }, 'JWT_AUDIENCE'],
  [{ ADMIN_TOKEN: 'x' }, 'ADMIN_TOKEN'],
])('[OP3] %j stops the start with a message that names %s', (variables, setting) => {
  expect(() => readEnv(variables)).toThrow(new RegExp(`^${setting}: `))
})

test.each([
  [{ modes: [] }, /modes: /],
  [{ modes: [{ id: 'x' }] }, /mode "x": .*teams.*players/],
  [{ modes: [{ id: 'x', teams: { count: 2, size: 1 }, players: { min: 2, max: 2 } }] }, /not both/],
  [{ modes: [{ id: 'x', players: { min: 3, max: 2 } }] }, /at most players\.max/],
  [{ modes: [{ id: 'x', players: { min: 2, max: 2_000 } }] }, /at most 1000 seats/],
  [{ modes: [{ id: 'x y', players: { min: 2, max: 2 } }] }, /mode "x y": id: /],
  [{ modes: [{ id: 'x', players: { min: 2, max: 2 }, graceMS: 5 }] }, /graceMS/],
  [{ modes: [{ id: 'x', players: { min: 2, max: 2 }, graceMs: -5 }] }, /mode "x": graceMs: /],
  [
    {
      modes: [
        { id: 'x', players: { min: 2, max: 2 } },
        { id: 'x', players: { min: 2, max: 2 } },
      ],
    },
    /two modes have the id "x"/,
  ],
  [{ mode: [] }, /mode/],
  [5, /the config: /],
])('[OP3] the config %j is refused with the name of the wrong field', (config, message) => {
  expect(() => readConfig(config, 'muster.config.ts')).toThrow(message)
})

test('[OP3] a secret may be read from a file', () => {
  const path = fileWith('secret', 'a secret from a file\n')
  expect(readEnv({ SESSION_SECRET_FILE: path }).SESSION_SECRET).toBe('a secret from a file')
})

test('[OP3] the modes come from the file that MUSTER_CONFIG names, TypeScript or JavaScript', async () => {
  const plain = fileWith('c.mjs', `export default { modes: [{ id: 'mine', players: { min: 2, max: 2 } }] }`)
  const typed = fileWith(
    'c.ts',
    `const id: string = 'mine'\nexport default { modes: [{ id, players: { min: 2, max: 2 } }] }`,
  )
  for (const MUSTER_CONFIG of [plain, typed]) {
    const server = startProcess({ MUSTER_CONFIG })
    await server.url
    expect(JSON.parse(server.lines.at(-1) ?? '')).toMatchObject({ modes: ['mine'] })
    server.kill('SIGTERM')
    await server.exit
  }
})

test('[OP3] a failed start prints why in one line, and exits with 1', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as AddressInfo
  const broken = fileWith('c.mjs', 'export default { modes: 5 }')
  const cases: [Record<string, string>, string][] = [
    [{ PORT: String(port) }, 'PORT: '],
    [{ MUSTER_CONFIG: broken }, `MUSTER_CONFIG: ${broken}: modes: `],
    [{ MUSTER_CONFIG: '/nowhere.mjs' }, 'MUSTER_CONFIG: /nowhere.mjs'],
    [{ NODE_ENV: 'production' }, 'SESSION_SECRET: '],
  ]
  for (const [env, reason] of cases) {
    const { code, complaint } = await startProcess(env).exit
    expect(code).toBe(1)
    expect(complaint).toContain(`Muster cannot start. ${reason}`)
    expect(complaint.trim().split('\n')).toHaveLength(1)
  }
})
