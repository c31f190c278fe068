import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../src/config/config.ts'
import { misspelt } from '../src/settings/misspelt.ts'
import { sessionSecretIn } from '../src/stores/session-secret.ts'
import { addressOf, greeting, readable } from '../src/system/terminal.ts'
import { startProcess } from './support/process.ts'

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** The one line with which a start that fails ends. */
async function complaintOf(env: Record<string, string>, cwd?: string): Promise<string> {
  const { code, complaint } = await startProcess(env, cwd).exit
  expect(code, complaint).toBe(1)
  expect(complaint.trim().split('\n'), complaint).toHaveLength(1)
  return complaint.trim().replace('Muster cannot start. ', '')
}

const files = {
  file: 'no directory',
  empty: '\n',
  short: 'short',
  'throws.ts': `import 'muster'\nconst x: number = 1\nthrow new Error('no luck')`,
  'throws-text.mjs': `throw 'no luck'`,
  'syntax.mjs': 'export default {\n  modes: [}\n',
  'nothing.mjs': 'export const modes = []',
  'missing.ts': `import './nowhere.ts'\nexport default {}`,
  'no-package.mjs': `import 'nothing-of-that-name'\nexport default {}`,
  'throws-nothing.mjs': 'throw Object.create(null)',
  'getter.mjs': `export default {\n  get modes() { throw new Error('no luck') },\n}`,
  'promised.mjs': `export default Promise.resolve({ modes: [] })`,
  'hangs.mjs': 'await new Promise(() => {})\nexport default {}',
  'exits.mjs': 'process.exit(0)',
  'exits-later.mjs': 'setTimeout(() => process.exit(0), 10)\nawait new Promise(() => {})\nexport default {}',
  'waits.mjs': `export default { modes: [{ id: 'slow', teams: { count: 2, size: 1 }, joinMs: 1e15 }] }`,
  'proto.mjs': `export default { titles: { chess: { modes: [{ id: 'x', teams: { count: 2, size: 1 }, matchmaking: { roles: { ['__proto__']: 1 } } }] } } }`,
  'twice.mjs': `export default { modes: [{ id: 'duel', players: { min: 2, max: 2 } }, { id: 'duel', players: { min: 2, max: 3 } }] }`,
  'seats.mjs': `export default { modes: [{ id: 'ok', teams: { count: 2, size: 1 } }, { id: 'huge', players: { min: 2, max: 5000 } }] }`,
  'title.mjs': `export default { titles: { chess: { modes: [{ id: 'blitz', teams: { count: 2 } }] } } }`,
  'title-key.mjs': `export default { titles: { chess: { jwtAudience: 'chess' } } }`,
}

test.each<[env: Record<string, string>, complaint: RegExp]>([
  [{ PORT: 'abc' }, /^PORT: "abc" is no port/],
  [{ PORT: '70000' }, /^PORT: "70000" is no port/],
  [{ PORT: '-1' }, /^PORT: "-1"/],
  [{ PORT: '0x50' }, /^PORT: "0x50"/],
  [{ HOST: '203.0.113.77' }, /^HOST: 203\.0\.113\.77 is no address of this machine/],
  [{ DATA_DIR: './file' }, /^DATA_DIR: \.\/file is a file/],
  [{ DATA_DIR: './file/below' }, /^DATA_DIR: \.\/file\/below is a file, or lies in one/],
  [{ DATA_DIR: '/proc' }, /^DATA_DIR: \/proc cannot be made there|^DATA_DIR: \/proc cannot be/],
  [{ DATA_DIR: '/proc/muster' }, /^DATA_DIR: \/proc\/muster cannot be/],
  [{ QUEUE_LOG: '/proc/queue.log' }, /^QUEUE_LOG: \/proc\/queue\.log cannot be/],
  [{ QUEUE_LOG: './nowhere/queue.log' }, /^QUEUE_LOG: \.\/nowhere\/queue\.log cannot be made there/],
  [{ QUEUE_LOG: '.' }, /^QUEUE_LOG: \. is a directory/],
  [{ JWT_SECRET: 'x'.repeat(20), JWKS_URL: 'https://game.example/jwks' }, /^JWT_SECRET: .*JWKS_URL/],
  [{ JWT_AUDIENCE: 'muster' }, /^JWT_AUDIENCE: there is no key/],
  [{ SESSION_SECRET_FILE: './nowhere' }, /^SESSION_SECRET_FILE: \.\/nowhere could not be read \(ENOENT\)/],
  [{ JWT_SECRET_FILE: './empty' }, /^JWT_SECRET_FILE: \.\/empty: is empty/],
  [{ ADMIN_TOKEN_FILE: './short' }, /^ADMIN_TOKEN_FILE: \.\/short: a secret has at least 16/],
  [{ ADMIN_TOKEN_FILE: '.' }, /^ADMIN_TOKEN_FILE: \. could not be read \(EISDIR\)/],
  [{ ADMIN_TOKEN_FILE: './file', ADMIN_TOKEN: 'x'.repeat(20) }, /^ADMIN_TOKEN_FILE: ADMIN_TOKEN is set, too/],
  [{ ALLOWED_ORIGINS: 'https://game.example/play' }, /^ALLOWED_ORIGINS: .*can never match/],
  [{ TRUSTED_PROXIES: 'proxy' }, /^TRUSTED_PROXIES: proxy is no address/],
  [{ MUSTER_CONFIG: './none.ts' }, /^MUSTER_CONFIG: .*none\.ts is not there/],
  [{ MUSTER_CONFIG: '.' }, /^MUSTER_CONFIG: .* is no file/],
  [{ MUSTER_CONFIG: './throws.ts' }, /^MUSTER_CONFIG: .*: no luck \(throws\.ts, line 3\)/],
  [{ MUSTER_CONFIG: './throws-text.mjs' }, /^MUSTER_CONFIG: .*: no luck$/],
  [{ MUSTER_CONFIG: './syntax.mjs' }, /^MUSTER_CONFIG: .*syntax\.mjs could not be loaded: Unexpected token/],
  [{ MUSTER_CONFIG: './nothing.mjs' }, /^MUSTER_CONFIG: .*has no default export/],
  [{ MUSTER_CONFIG: './missing.ts' }, /^MUSTER_CONFIG: .*nowhere\.ts/],
  [{ MUSTER_CONFIG: './no-package.mjs' }, /^MUSTER_CONFIG: .*nothing-of-that-name' imported from \S+no-package\.mjs$/],
  [{ MUSTER_CONFIG: './throws-nothing.mjs' }, /^MUSTER_CONFIG: .*it threw something that is no error$/],
  [{ MUSTER_CONFIG: './getter.mjs' }, /^MUSTER_CONFIG: .*could not be read: no luck \(getter\.mjs, line 2\)$/],
  [{ MUSTER_CONFIG: './promised.mjs' }, /promised\.mjs: modes: /],
  [{ MUSTER_CONFIG: './hangs.mjs' }, /^MUSTER_CONFIG: .*never comes/],
  [{ MUSTER_CONFIG: './exits.mjs' }, /^MUSTER_CONFIG: the config has ended the process$/],
  [{ MUSTER_CONFIG: './exits-later.mjs' }, /^MUSTER_CONFIG: the config has ended the process$/],
  [{ MUSTER_CONFIG: './waits.mjs' }, /waits\.mjs: mode "slow": joinMs: is at most \d+ ms, a year$/],
  [{ MUSTER_CONFIG: './proto.mjs' }, /title "chess": mode "x": matchmaking\.roles: nothing can be called __proto__$/],
  [{ MUSTER_CONFIG: './twice.mjs' }, /^MUSTER_CONFIG: .*twice\.mjs: modes: two modes have the id "duel"$/],
  [{ MUSTER_CONFIG: './seats.mjs' }, /^MUSTER_CONFIG: .*seats\.mjs: mode "huge": a match has at most/],
  [{ MUSTER_CONFIG: './title.mjs' }, /title\.mjs: title "chess": mode "blitz": teams\.size: /],
  [{ MUSTER_CONFIG: './title-key.mjs' }, /^title "chess": jwtAudience: there is no key/],
])('[OP24] %j stops the start with one line that names the setting', async (env, complaint) => {
  expect(await complaintOf(env, folderWith(files))).toMatch(complaint)
})

test('[OP24] a directory in use by another process stops the start', async () => {
  const directory = folderWith({})
  const first = startProcess({ DATA_DIR: directory })
  await first.url
  expect(await complaintOf({ DATA_DIR: directory })).toMatch(/^DATA_DIR: .*in use by another Muster process/)
})

test.skipIf(process.getuid?.() === 0)('[OP24] a directory that this user may not write stops the start', async () => {
  const directory = folderWith({})
  chmodSync(directory, 0o500)
  expect(await complaintOf({ DATA_DIR: directory })).toMatch(/^DATA_DIR: .*cannot be written by this user/)
})

test('[OP24] an empty session secret is replaced, and one that is not a file is reported', async () => {
  const directory = folderWith({ 'session-secret': '' })
  const secret = sessionSecretIn(directory)
  expect(secret.length).toBeGreaterThan(40)
  expect(sessionSecretIn(directory)).toBe(secret)
  const other = folderWith({})
  mkdirSync(join(other, 'session-secret'))
  expect(await complaintOf({ DATA_DIR: other })).toMatch(/^DATA_DIR: .*session-secret cannot be used/)
})

const duelWith = (more: object) => ({ id: 'x', teams: { count: 2, size: 1 }, ...more })

test.each([
  [{ modes: [{ teams: { count: 2, size: 1 } }] }, /: modes\.0: id: /],
  [{ modes: [null] }, /: modes\.0: /],
  [
    { titles: { chess: { modes: [{ id: 'x', players: { min: 2, max: 2 }, graceMs: -1 }] } } },
    /: title "chess": mode "x": graceMs: /,
  ],
  [{ titles: { chess: { mods: [] } } }, /: title "chess": .*mods/],
  [{ transports: ['carrier pigeon'] }, /: transports\.0: /],
  [{ titles: { __proto__: { chess: {} } } }, /: titles: nothing can be called __proto__/],
  [{ regions: ['eu', '__proto__'] }, /: regions\.1: nothing can be called __proto__/],
  [{ lobbies: { idleMs: Number.MAX_SAFE_INTEGER } }, /: lobbies\.idleMs: is at most/],
  [{ modes: [duelWith({ matchmaking: { pointsPerSecond: 1e308 } })] }, /: mode "x": matchmaking\.pointsPerSecond: /],
  [{ modes: [duelWith({ matchmaking: { attributes: { skill: { within: 5e-324 } } } })] }, /skill\.within: is 0 or at/],
  [{ modes: [duelWith({ graceMs: Number.NaN })] }, /: mode "x": graceMs: .*NaN/],
  [{ modes: [duelWith({}), duelWith({})] }, /: modes: two modes have the id "x"/],
])('[OP24] a fault of the config names the title and the mode: %j', (config, message) => {
  expect(() => readConfig(config, 'muster.config.ts')).toThrow(message)
})

test('[OP25] a misspelt setting is warned about', async () => {
  const server = startProcess({ ALOWED_ORIGINS: 'https://game.example', NODE_ENV: 'prod' })
  await server.url
  const warned = server.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 40)
  expect(warned).toContainEqual(expect.objectContaining({ setting: 'ALOWED_ORIGINS', meant: 'ALLOWED_ORIGINS' }))
  expect(warned).toContainEqual(expect.objectContaining({ setting: 'NODE_ENV', meant: 'production' }))
})

test.each([
  ['ALOWED_ORIGINS', 'ALLOWED_ORIGINS'],
  ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS'],
  ['ALLOWED_ORIGINSS', 'ALLOWED_ORIGINS'],
  ['ALLWOED_ORIGINS', 'ALLOWED_ORIGINS'],
  ['allowed_origins', 'ALLOWED_ORIGINS'],
  ['DATADIR', 'DATA_DIR'],
  ['PROT', 'PORT'],
  ['ALLOWED_ORIGINS', undefined],
  ['ALOWD_ORIGINS', undefined],
  ['PATH', undefined],
  ['HOME', undefined],
])('[OP25] %s was meant to be %s', (given, meant) => {
  const known = ['ALLOWED_ORIGINS', 'DATA_DIR', 'PORT', 'HOST']
  expect(misspelt([given], known)).toEqual(meant ? [{ setting: given, meant }] : [])
})

const source = (ext: string) => ({
  [`my.config.${ext}`]: `import { defineConfig, shippedModes } from 'muster'
import { id } from './more.${ext}'
export default defineConfig({ modes: [...shippedModes, { id, teams: { count: 2, size: 3 } }] })`,
  [`more.${ext}`]: `export const id = 'mine'`,
})

test.each([undefined, 'module', 'commonjs'])(
  '[OP26] a config in any folder imports muster by name, with type %s in its package.json',
  async (type) => {
    for (const ext of ['ts', 'mts', 'js', 'mjs']) {
      const folder = folderWith({ ...source(ext), ...(type && { 'package.json': JSON.stringify({ type }) }) })
      const server = startProcess({ MUSTER_CONFIG: `./my.config.${ext}` }, folder)
      await server.url
      expect(JSON.parse(server.lines.at(-1) ?? '').modes, ext).toContain('mine')
      server.kill('SIGTERM')
      expect(await server.exit, ext).toEqual({ code: 0, complaint: '' })
    }
  },
)

test('[OP26] a config may be written as CommonJS', async () => {
  const text = `const { shippedModes } = require('muster')\nmodule.exports = { modes: shippedModes.slice(0, 1) }`
  const server = startProcess({ MUSTER_CONFIG: 'c.cjs' }, folderWith({ 'c.cjs': text }))
  await server.url
  expect(JSON.parse(server.lines.at(-1) ?? '').modes).toEqual(['duel'])
})

test('[OP27] the log has the address, and a terminal shows it in words', async () => {
  const server = startProcess()
  const url = await server.url
  expect(JSON.parse(server.lines.at(-1) ?? '')).toMatchObject({ msg: 'listening', url })
  expect(addressOf('0.0.0.0', 3000)).toBe('http://localhost:3000')
  expect(addressOf('::1', 3000)).toBe('http://[::1]:3000')

  const lan = { family: 'IPv4', address: '192.168.1.5', internal: false } as never
  const said = greeting({ host: '0.0.0.0', port: 3000, hasDemo: true, dataDir: undefined, networks: { eth0: [lan] } })
  expect(said).toContain('Muster listens on http://localhost:3000\n')
  expect(said).toContain('http://192.168.1.5:3000')
  expect(said).toContain('DATA_DIR=')
  const line = { level: 40, time: 0, setting: 'ALLOWED_ORIGINS', msg: 'origin was refused' }
  expect(readable(JSON.stringify(line))).toMatch(/^\d\d:\d\d:\d\d WARN origin was refused setting=ALLOWED_ORIGINS\n$/)
})

test('[PK12] the page of a config is served in place of the demo, from beside the config file', async () => {
  const folder = folderWith({ 'my.config.mjs': "export default { page: 'site' }" })
  mkdirSync(join(folder, 'site'))
  writeFileSync(join(folder, 'site/index.html'), '<h1>Our game</h1>')
  const { url } = startProcess({ MUSTER_CONFIG: join(folder, 'my.config.mjs') })
  expect(await (await fetch(await url)).text()).toBe('<h1>Our game</h1>')
})

test('[PK12] a page that is not built is warned about', async () => {
  const folder = folderWith({ 'my.config.mjs': "export default { page: 'site' }" })
  const { url, lines } = startProcess({ MUSTER_CONFIG: join(folder, 'my.config.mjs') })
  expect((await fetch(await url)).status).toBe(404)
  expect(lines.join('\n')).toContain('page is not built')
})
