import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('[ST8] a process whose loop stands still is ended, and what was at work is noted', async () => {
  const notePath = join(mkdtempSync(join(tmpdir(), 'muster-')), 'stalls')
  const child = spawn(process.execPath, ['test/support/stall.ts', notePath], { stdio: ['ignore', 'ignore', 'pipe'] })
  const signal = await new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)))
  expect(signal).toBe('SIGKILL')
  expect(readFileSync(notePath, 'utf8')).toBe('the-culprit\n')
})
