// Builds the packages and publishes those whose version is not on npm yet. `--dry-run` publishes nothing, and needs no login.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const isDryRun = process.argv.includes('--dry-run')
const npm = (args: readonly string[], cwd = '.') => execFileSync('npm', args, { cwd, stdio: 'inherit' })

npm(['run', '--silent', 'packages'])
for (const name of readdirSync('dist/packages')) {
  const folder = join('dist/packages', name)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (!isDryRun && isPublished(manifest)) console.log(`${manifest.name} ${manifest.version} is on npm already`)
  else npm(['publish', '--access', 'public', ...(isDryRun ? ['--dry-run'] : ['--provenance'])], folder)
}
// The changesets action makes a release of each such line.
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
if (!isDryRun) console.log(`New tag: v${version}`)

function isPublished({ name, version }: { name: string; version: string }): boolean {
  try {
    execFileSync('npm', ['view', `${name}@${version}`, 'version'], { stdio: ['ignore', 'pipe', 'ignore'] })
    return true
  } catch {
    return false
  }
}
