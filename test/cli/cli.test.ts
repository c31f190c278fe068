import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { doubtsOf } from '../../src/config/doubts.ts'
import { version } from '../../src/system/this-package.ts'
import { MUSTER, run, muster as runMuster } from '../support/run.ts'

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
const muster = (args: readonly string[], cwd = tmpdir()) => runMuster(args, cwd)
const configWith = (mode: string) => `export default { modes: [${mode}] }`

test('[PK6] muster without a command prints its commands', async () => {
  const { code, out } = await muster([])
  expect(code).toBe(0)
  for (const name of ['start', 'dev', 'check', 'bots', 'simulate', 'replay', 'backup', 'restore'])
    expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
  expect(await muster(['--version'])).toMatchObject({ code: 0, out: `${version}\n` })
})

test.each(['start', 'dev', 'check', 'bots', 'simulate', 'replay', 'backup', 'restore'])(
  '[PK6] muster %s --help prints its options',
  async (name) => {
    const { code, out, err } = await muster([name, '--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`muster ${name}`)
    expect((await muster(['help', name])).out).toBe(out)
  },
)

test.each<[args: string[], complaint: RegExp]>([
  [['begin'], /^muster has no command begin\. Commands: start, /],
  [['start', '--prot', '80'], /^Muster cannot start\. Unknown option '--prot'/],
  [['start', '--port', 'abc'], /^Muster cannot start\. PORT: "abc" is no port/],
  [['check', '--confg', 'x'], /^Unknown option '--confg'/],
  [['check', '--config', 'nowhere.ts'], /^MUSTER_CONFIG: .*nowhere\.ts is not there/],
])('[PK6] muster %j is one line and a nonzero exit code', async (args, complaint) => {
  const { code, err } = await muster(args)
  expect(code).not.toBe(0)
  expect(err).toMatch(complaint)
  expect(err.trim().split('\n')).toHaveLength(1)
})

test('[PK8] muster check prints each mode with its defaults and doubts', async () => {
  const folder = folderWith({ 'muster.config.mjs': configWith(`{ id: 'six', teams: { count: 2, size: 3 } }`) })
  const { code, out } = await muster(['check', '--config', 'muster.config.mjs'], folder)
  expect(code).toBe(0)
  expect(out).toContain('mode six')
  expect(out).toContain('graceMs: 30000')
  expect(out).toContain('doubt: 6 seats without a ready check')
})

test('[PK8] muster check names the fault of a config', async () => {
  const folder = folderWith({ 'muster.config.mjs': configWith(`{ id: 'none' }`) })
  const { code, err } = await muster(['check', '--config', 'muster.config.mjs'], folder)
  expect(code).toBe(1)
  expect(err).toMatch(/mode "none": a mode says either teams .* or players/)
})

const rules = { setup: () => ({}), act: () => ({}), over: () => null, view: () => null }
test.each([
  [{ teams: { count: 2, size: 1 }, rules }, /rules without deadline/],
  [{ teams: { count: 2, size: 1 }, rules }, /rules without tell/],
  [{ teams: { count: 2, size: 3 } }, /without a ready check/],
  [{ players: { min: 2, max: 4 }, joinMs: 1_000 }, /joinMs 1000/],
  [{ players: { min: 2, max: 4 }, maxMs: 1_000 }, /graceMs is not below maxMs/],
  [{ players: { min: 2, max: 4 }, matchmaking: { maxLatencyMs: 50 } }, /maxLatencyMs has no effect/],
  [{ teams: { count: 2, size: 1 }, rated: true, lateJoin: true }, /lateJoin in a rated mode/],
  [{ players: { min: 1, max: 1 } }, /a match for one player/],
])('[PK8] the settings %j are doubtful', (settings, doubt) => {
  const config = readConfig({ modes: [{ id: 'odd', ...settings }] }, 'test')
  const sound = readConfig({ modes: [{ id: 'sound', teams: { count: 2, size: 1 } }] }, 'test')
  const sentences = [...config.modes.values()].flatMap((mode) => doubtsOf(mode, config.regions))
  expect(sentences.join('\n')).toMatch(doubt)
  expect([...sound.modes.values()].flatMap((mode) => doubtsOf(mode, []))).toEqual([])
})

test('[PK7] muster dev starts again when a module changes that the config imports, and for nothing else', async () => {
  const modes = (id: string) => `export const modes = [{ id: '${id}', teams: { count: 2, size: 1 } }]`
  const parent = folderWith({})
  const folder = join(parent, 'game')
  mkdirSync(folder)
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write('modes.ts', modes('first'))
  write('muster.config.ts', `import { modes } from './modes.ts'\nexport default { modes }`)
  write('package.json', '{ "type": "module" }')
  const env = { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1' }
  const child = spawn(process.execPath, [MUSTER, 'dev'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill())
  const printed = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function next(pattern: RegExp): Promise<string> {
    for (;;) {
      const { value, done } = await printed.next()
      if (done) throw new Error('muster dev ended')
      if (pattern.test(value)) return value
    }
  }
  const listening = / info listening .*modes=/
  expect(await next(listening)).toContain('modes=["first"]')
  // Neither is a module of the config.
  writeFileSync(join(parent, 'other.txt'), 'x')
  write('notes.txt', 'x')
  write('modes.ts', modes('second'))
  expect(await next(/has changed/)).toContain('modes.ts')
  expect(await next(listening)).toContain('modes=["second"]')
  write('modes.ts', 'export const modes = [')
  await next(/has changed/)
  await next(/It starts again after a change/)
  write('modes.ts', modes('third'))
  expect(await next(listening)).toContain('modes=["third"]')
})

test('[PK6] an older Node is one line, before anything else is loaded', async () => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })"
  const folder = folderWith({ 'old.cjs': old })
  const { code, err } = await run(process.execPath, ['--require', join(folder, 'old.cjs'), MUSTER, 'check'], folder)
  expect(code).toBe(1)
  expect(err).toMatch(/^Muster needs Node 22\.18 or newer; this is Node 20\.20\.2 at .*\.\n$/)
})
