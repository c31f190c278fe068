import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Log } from '../../src/ports.ts'
import { logStalls, matchesThatStalled } from '../../src/stores/stalls.ts'
import { startProcess } from '../support/process.ts'

const newNotes = () => join(mkdtempSync(join(tmpdir(), 'muster-')), 'stalls')

function start(how: string, notePath: string) {
  const child = spawn(process.execPath, ['test/support/stall.ts', how, notePath], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    child,
    said: saidBy(child),
    signal: new Promise((resolve) => child.once('close', (_code, by) => resolve(by))),
  }
}
function saidBy({ stdout, stderr }: ChildProcess) {
  const said = { out: '', err: '' }
  stdout?.on('data', (chunk) => {
    said.out += chunk
  })
  stderr?.on('data', (chunk) => {
    said.err += chunk
  })
  return said
}

test('[ST8] [ST20] a process whose loop stands still is ended, and reports what was running', async () => {
  const notePath = newNotes()
  const { said, signal } = start('spin', notePath)
  expect(await signal).toBe('SIGKILL')
  const cause = { match: 'the-culprit', mode: 'chess', event: 'match:act' }
  const line = JSON.parse(said.err)
  expect(line).toMatchObject({ ...cause, level: 60, msg: 'the loop stood still: the watchdog ended the process' })
  expect(line.stillMs).toBeGreaterThanOrEqual(1_000)
  expect(line.busyMs).toBeGreaterThanOrEqual(1_000)
  expect(JSON.parse(readFileSync(notePath, 'utf8'))).toMatchObject(cause)
})

test.each([
  ['promise callbacks that never let the loop turn', 'promises'],
  ['a call that never returns', 'block'],
])('[ST8] a process is ended for %s', async (_what, how) => {
  const { said, signal } = start(how, newNotes())
  expect(await signal).toBe('SIGKILL')
  expect(JSON.parse(said.err)).toMatchObject({ match: '', event: '' })
})

test('[ST20] a process with a slow loop is not ended', async () => {
  const { said, signal } = start('slowly', newNotes())
  expect(await signal).toBeNull()
  expect(said).toEqual({ out: 'done\n', err: '' })
})

test('[ST20] a process that was stopped for long is not ended', async () => {
  const { child, said, signal } = start('sleep', newNotes())
  await expect.poll(() => said.out, { timeout: 60_000 }).toBe('asleep\n')
  child.kill('SIGSTOP')
  await wait(4_000)
  child.kill('SIGCONT')
  expect(await signal).toBeNull()
  expect(said).toEqual({ out: 'asleep\ndone\n', err: '' })
})

test('[ST20] the next start logs the cause once, also from notes in the older format', () => {
  const notePath = newNotes()
  const cause = { at: 5, stillMs: 10_000, busyMs: 9_990, match: 'm1', mode: 'chess', event: 'match:act' }
  writeFileSync(notePath, `m1\n{"at":\n${JSON.stringify(cause)}\n${JSON.stringify(cause)}\n`)
  const warned: object[] = []
  const log = { warn: (fields: object) => void warned.push(fields) } as unknown as Log
  logStalls(notePath, log)
  expect(warned).toHaveLength(4)
  expect(warned.at(-1)).toEqual(cause)
  logStalls(notePath, log)
  expect(warned).toHaveLength(4)
  expect([...matchesThatStalled(notePath).keys()]).toEqual(['m1'])
})

test('[ST20] a start after a stall logs the cause', async () => {
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'muster-data-'))
  const cause = { at: 5, stillMs: 10_000, busyMs: 9_990, match: 'm1', mode: 'chess', event: 'match:act' }
  writeFileSync(join(DATA_DIR, 'stalls'), `${JSON.stringify(cause)}\n`)
  const server = startProcess({ DATA_DIR })
  await server.url
  const warnings = server.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 40)
  expect(warnings).toContainEqual(expect.objectContaining(cause))
})

test('[ST21] a config that never finishes loading is ended and reported', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'muster-')), 'loop.mjs')
  writeFileSync(path, 'for (;;);\n')
  const { exit } = startProcess({ MUSTER_CONFIG: path })
  const { complaint } = await exit
  expect(JSON.parse(complaint)).toMatchObject({ event: 'MUSTER_CONFIG', level: 60 })
})
