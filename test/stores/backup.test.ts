import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { backupOf } from '../../src/stores/backup/online-backup.ts'
import { openSqliteStores } from '../../src/stores/sqlite/stores.ts'
import { Player } from '../support/player.ts'
import { startProcess } from '../support/process.ts'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-backup-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs a command as `npm run` does. */
function runs(command: 'backup' | 'restore', args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [`src/cli/${command}.ts`, ...args], { env: { PATH: process.env.PATH, ...env } })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  return new Promise<{ code: number | null; said: string }>((done) =>
    child.once('close', (code) => done({ code, said })),
  )
}

const config = `export default {
  modes: [{ id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 }],
  titles: { chess: { modes: [{ id: 'blitz', teams: { count: 2, size: 1 }, countdownMs: 0 }] } },
}`

async function startOn(directory: string, folder: string) {
  const path = join(folder, 'config.mjs')
  writeFileSync(path, config)
  const server = startProcess({ DATA_DIR: directory, MUSTER_CONFIG: path })
  return { ...server, url: await server.url }
}

/** A match of two players, with a property set. */
async function playOn(url: string, mode: string, title?: string) {
  const ann = await new Player(url, { name: 'ann', title }).arrive()
  const pair = [ann, await new Player(url, { name: 'bob', title }).arrive()]
  onTestFinished(() => pair.forEach((player) => void player.leaves()))
  for (const player of pair) expect(await player.asks('queue:join', { mode })).toMatchObject({ ok: true })
  const { matchId } = await ann.hears('match:found')
  for (const player of pair) expect(await player.joins(matchId)).toMatchObject({ ok: true })
  expect(await ann.asks('match:set', { key: 'board', value: title ?? 'main' })).toMatchObject({ ok: true })
  return { matchId: matchId as string, token: ann.session.token as string }
}

async function comesBack(url: string, { matchId, token }: { matchId: string; token: string }, title?: string) {
  const player = await new Player(url, { token, title }).arrive()
  expect(await player.joins(matchId)).toMatchObject({
    ok: true,
    match: { properties: { board: { value: title ?? 'main' } } },
  })
  player.leaves()
}

test('[ST30] a backup of a running service holds all data, titles included, and a service starts from it', async () => {
  const folder = newFolder()
  const directory = join(folder, 'data')
  const server = await startOn(directory, folder)
  const [own, chess] = [await playOn(server.url, 'duel'), await playOn(server.url, 'blitz', 'chess')]
  const file = join(folder, 'backup.db')
  for (let n = 0; n < 2; n++) {
    const { code, said } = await runs('backup', [file], { DATA_DIR: directory })
    expect(said).toContain('2 open matches')
    expect(code).toBe(0)
  }
  expect(readdirSync(folder).sort()).toEqual([
    'backup.db',
    'backup.db.session-secret',
    'backup.db.titles',
    'config.mjs',
    'data',
  ])
  expect(statSync(`${file}.session-secret`).mode & 0o077).toBe(0)
  const copy = new DatabaseSync(file, { readOnly: true })
  expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  copy.close()
  // The service went on during the backup.
  await comesBack(server.url, own)
  server.kill('SIGKILL')
  await server.exit

  const restored = join(folder, 'restored')
  expect(await runs('restore', [file], { DATA_DIR: restored })).toMatchObject({ code: 0 })
  const second = await startOn(restored, folder)
  await comesBack(second.url, own)
  await comesBack(second.url, chess, 'chess')
  expect(second.lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)).toEqual([])
  second.kill('SIGTERM')
  expect((await second.exit).code).toBe(0)

  // Now no service runs, and the target is a directory.
  const shelf = join(folder, 'shelf')
  mkdirSync(shelf)
  expect(await runs('backup', [shelf], { DATA_DIR: restored })).toMatchObject({ code: 0 })
  const third = await startOn(shelf, folder)
  await comesBack(third.url, own)
  await comesBack(third.url, chess, 'chess')
})

test('[ST30] a stale control file of a crash does no harm', async () => {
  const folder = newFolder()
  const directory = join(folder, 'data')
  const server = await startOn(directory, folder)
  server.kill('SIGKILL')
  await server.exit
  expect(existsSync(join(directory, 'control'))).toBe(true)
  expect(await runs('backup', [join(folder, 'b.db')], { DATA_DIR: directory })).toMatchObject({ code: 0 })
})

test('[ST31] only users who can read the data directory may order a backup', async () => {
  const folder = newFolder()
  const directory = join(folder, 'data')
  const server = await startOn(directory, folder)
  const path = join(directory, 'control')
  expect(statSync(path).mode & 0o077).toBe(0)
  const { port, token } = JSON.parse(await import('node:fs/promises').then(({ readFile }) => readFile(path, 'utf8')))
  const ask = (headers: Record<string, string>, where = '/backup') =>
    fetch(`http://127.0.0.1:${port}${where}`, { method: 'POST', headers, body: join(folder, 'stolen') })
  expect((await ask({})).status).toBe(401)
  expect((await ask({ authorization: 'Bearer guess' })).status).toBe(401)
  expect((await ask({ authorization: `Bearer ${token}` }, '/other')).status).toBe(404)
  expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(500)
  expect(existsSync(join(folder, 'stolen'))).toBe(false)
  server.kill('SIGTERM')
  expect((await server.exit).code).toBe(0)
  expect(existsSync(path)).toBe(false)
})

test('[ST31] a failed backup or restore is one line, and nothing is lost', async () => {
  const folder = newFolder()
  const directory = join(folder, 'data')
  const { store } = await openSqliteStores({ directory, log: { debug() {}, info() {}, warn() {}, error() {} } })
  await store.close()
  writeFileSync(join(folder, 'letter.txt'), 'dear diary')
  const used = join(folder, 'used')
  cpSync(directory, used, { recursive: true })
  const cases: [command: 'backup' | 'restore', args: string[], env: Record<string, string>, said: RegExp][] = [
    ['backup', [], { DATA_DIR: directory }, /muster backup backup\.db/],
    ['backup', [join(folder, 'b.db')], {}, /^DATA_DIR: say which/],
    ['backup', [join(folder, 'b.db')], { DATA_DIR: join(folder, 'nowhere') }, /^DATA_DIR: nothing is kept/],
    ['backup', [join(folder, 'letter.txt')], { DATA_DIR: directory }, /no backup: name another file/],
    ['backup', [join(folder, 'no', 'b.db')], { DATA_DIR: directory }, /no is not there/],
    ['backup', [join(directory, 'muster.db')], { DATA_DIR: directory }, /belongs to a service/],
    ['backup', [used], { DATA_DIR: directory }, /is a DATA_DIR itself/],
    ['restore', [join(folder, 'b.db')], { DATA_DIR: join(folder, 'new') }, /b\.db is not there/],
    ['restore', [directory], { DATA_DIR: used }, /is not empty/],
    ['restore', [join(folder, 'letter.txt')], { DATA_DIR: join(folder, 'new') }, /is no database/],
  ]
  for (const [command, args, env, said] of cases) {
    const answer = await runs(command, args, env)
    expect(answer.said).toMatch(said)
    expect(answer.code, answer.said).toBe(1)
  }
  expect(readdirSync(folder).sort()).toEqual(['data', 'letter.txt', 'used'])
})

test('[ST32] writes go on while a database is copied, and the copy is complete', async () => {
  const folder = newFolder()
  const { store, records, copyTo } = await openSqliteStores({
    directory: join(folder, 'data'),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
  const put = (n: number) => records.write([{ kind: 'test', id: String(n), value: 'x'.repeat(2_000) }] as never)
  for (let n = 0; n < 2_000; n++) void put(n)
  await put(2_000)
  let isDone = false
  let written = 2_001
  const copying = copyTo(join(folder, 'copy.db')).finally(() => {
    isDone = true
  })
  while (!isDone) await put(written++)
  await copying
  expect(written).toBeGreaterThan(2_002)
  const copy = new DatabaseSync(join(folder, 'copy.db'))
  expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  expect(Number(copy.prepare('SELECT count(*) AS n FROM records').get()?.n)).toBeGreaterThan(2_000)
  copy.close()
  const late = copyTo(join(folder, 'late.db'))
  await store.close()
  await expect(late).rejects.toThrow()
})

test.each([
  ['that SQLite calls no error is begun anew', 0, 3, 'done'],
  ['that fails for want of room is not', 13, 1, 'failed'],
])('[ST32] a copy %s', async (_, errcode, tries, outcome) => {
  const database = new DatabaseSync(':memory:')
  let tried = 0
  const copies = backupOf(database, async () => {
    tried += 1
    if (tried < 3) throw Object.assign(new Error('a fault of SQLite'), { code: 'ERR_SQLITE_ERROR', errcode })
    return 1
  })
  const copied = await copies.copyTo('copy.db').then(
    () => 'done',
    () => 'failed',
  )
  expect([copied, tried]).toEqual([outcome, tries])
  database.close()
})
