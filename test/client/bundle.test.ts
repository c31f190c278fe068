import { execFile } from 'node:child_process'
import { relative } from 'node:path'
import { promisify } from 'node:util'
import { build, type Rolldown } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { notInMatch, RETRYABLE, tooLarge } from '../../src/client/connection/refusals.ts'
import { errors } from '../../src/protocol/errors.ts'
import { refuse } from '../../src/protocol/reply.ts'

const size = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/size.ts', ...args]).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  )

test('[PK4] npm run size measures the client, and fails over the limit', async () => {
  const measured = await size()
  expect(measured.stdout).toMatch(/, \d+ bytes gzipped \(limit 20000\)/)
  expect(measured.code).toBe(0)
  expect((await size('--limit', '10000')).code).toBe(1)
})

test('[PK4] the bundle of a page has the client and socket.io-client, and nothing of the service', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { output } = (await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      rolldownOptions: { input: 'test/client/fixture/page.ts', preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput
  const modules = output.flatMap((one) => (one.type === 'chunk' ? Object.keys(one.modules) : []))
  const own = modules.map((id) => relative('.', id)).filter((id) => !/^node_modules\/|^\0/.test(id))
  expect(own).toContain('src/client/client.ts')
  expect(own.filter((id) => !id.startsWith('src/client/') && !id.startsWith('test/client/fixture/'))).toEqual([])
  const packages = modules.flatMap((id) => id.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? [])
  expect(packages.filter((name) => !/^(socket\.io|engine\.io|@socket\.io)/.test(name))).toEqual([])
})

test('the refusals of the client are those of the catalogue', () => {
  const retryable = Object.entries(errors).flatMap(([code, error]) => (error.retryable ? [code] : []))
  expect([...RETRYABLE].sort()).toEqual(retryable.sort())
  expect(tooLarge).toEqual(refuse('TOO_LARGE'))
  expect(notInMatch).toEqual(refuse('NOT_IN_MATCH'))
})
