import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  version: string
  hasInstallScript?: boolean
  dev?: boolean
  resolved?: string
}
const packages = Object.entries(
  JSON.parse(readFileSync('package-lock.json', 'utf8')).packages as Record<string, Locked>,
)

/** The oldest versions without a known advisory, of what stands between us and the network. */
const LEAST = {
  'socket.io': '4.8.4',
  'socket.io-parser': '4.2.7',
  'engine.io': '6.6.10',
  ws: '8.21.0',
  xstate: '5.33.3',
}

const isAtLeast = (version: string, least: string) => version.localeCompare(least, 'en', { numeric: true }) >= 0

test.each(Object.entries(LEAST))('[OP5] every installed %s is at least %s', (name, least) => {
  const versions = packages.filter(([path]) => path.endsWith(`node_modules/${name}`)).map(([, { version }]) => version)
  expect(versions.length).toBeGreaterThan(0)
  for (const version of versions) expect(isAtLeast(version, least), `${name} ${version}`).toBe(true)
})

test('[OP5] no production package has an install script', () => {
  expect(packages.filter(([, { dev, hasInstallScript }]) => !dev && hasInstallScript).map(([path]) => path)).toEqual([])
})

test('the lockfile names no registry', () => {
  expect(packages.filter(([, { resolved }]) => resolved?.startsWith('http')).map(([path]) => path)).toEqual([])
})
