// Builds the npm packages into dist/packages/<name>, ready for `npm pack` and `npm publish`. The sources of all packages
// are in src/ and tools/; packages/<name>/ has the manifest, the README and the list of entry files.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

interface Manifest {
  bin?: Record<string, string>
  exports?: Record<string, string | { default: string }>
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

const root = JSON.parse(readFileSync('package.json', 'utf8'))
const versions: Record<string, string> = { ...root.devDependencies, ...root.dependencies }
const folders = readdirSync('packages', { withFileTypes: true }).filter((entry) => entry.isDirectory())
for (const { name } of folders) build(name)

function build(name: string): void {
  const source = join('packages', name)
  const target = join('dist/packages', name)
  const manifest: Manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  rmSync(target, { recursive: true, force: true })
  execFileSync('npx', ['tsc', '-p', source], { stdio: 'inherit' })
  for (const file of globSync(`${target}/dist/**/*.d.ts`)) rewriteImports(file)
  if (name === 'client') finishClient(source, target, manifest)
  if (name === 'server') cpSync('dist/demo', join(target, 'dist/demo'), { recursive: true })
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(filled(manifest), null, 2)}\n`)
  for (const path of Object.values(manifest.bin ?? {})) chmodSync(join(target, path), 0o755)
  cpSync('LICENSE', join(target, 'LICENSE'))
  cpSync(join(source, 'README.md'), join(target, 'README.md'))
  const templates = join(source, 'templates')
  if (existsSync(templates)) cpSync(templates, join(target, 'templates'), { recursive: true })
}

// tsc rewrites the endings of imports in JavaScript only.
function rewriteImports(file: string): void {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replaceAll(/((?:from |import\()["']\.{1,2}\/[^"']+)\.ts(["'])/g, '$1.js$2'))
}

/** The client needs the types of the protocol, but neither its schemas nor the schema library. */
function finishClient(source: string, target: string, { exports = {} }: Manifest): void {
  cpSync(join(source, 'schema-types.d.ts'), join(target, 'dist/schema-types.d.ts'))
  for (const file of globSync(`${target}/dist/src/**/*.d.ts`)) {
    const stub = relative(dirname(file), join(target, 'dist/schema-types.js'))
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(["'])zod\1/g, `'${stub}'`))
  }
  const needed = new Set<string>()
  for (const entry of Object.values(exports))
    if (typeof entry === 'object') importedFrom(join(target, entry.default), needed)
  for (const file of globSync(`${target}/dist/src/**/*.js`)) {
    if (needed.has(file)) continue
    rmSync(file)
    rmSync(`${file}.map`)
  }
}

function importedFrom(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g))
    importedFrom(join(dirname(file), specifier), found)
  return found
}

/** The manifest with this repository's versions in place of `catalog:`. */
function filled(manifest: Manifest) {
  const { dependencies, peerDependencies } = manifest
  const rangesOf = (given: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(given).map(([name, range]) => [name, range === 'catalog:' ? rangeOf(name) : range]),
    )
  return {
    ...manifest,
    version: root.version,
    ...(dependencies && { dependencies: rangesOf(dependencies) }),
    ...(peerDependencies && { peerDependencies: rangesOf(peerDependencies) }),
  }
}

function rangeOf(name: string): string {
  const version = name.startsWith('@muster-rooms/') ? root.version : versions[name]
  if (version === undefined) throw new Error(`${name} is not among the dependencies of the repository`)
  return `^${version}`
}
