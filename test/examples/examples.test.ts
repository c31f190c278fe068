import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess } from '../support/process.ts'

const clients = {
  node: (url: string) => [process.execPath, 'examples/raw-node/client.mjs', url],
  python: (url: string) => ['python3', 'examples/raw-python/client.py', url],
}

/** Runs an example to its end. */
function run([program = '', ...args]: string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(program, args)
  onTestFinished(() => void child.kill('SIGKILL'))
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      printed += chunk
    })
  return new Promise((done) => child.once('close', (code) => done({ code, printed })))
}

test.each([
  ['node', 'node'],
  ['node', 'python'],
  ['python', 'python'],
] as const)('[SD20] clients over a plain WebSocket, %s and %s, play, come back and are refused', async (one, other) => {
  const url = await startProcess().url
  for (const { code, printed } of await Promise.all([run(clients[one](url)), run(clients[other](url))])) {
    expect(code, printed).toBe(0)
    expect(printed).toMatch(/^seat ([01]) says hello from seat \1$/m)
    expect(printed).toMatch(/^resumed at \d+ with \d+ events$/m)
    expect(printed).toMatch(/^refused: BAD_REQUEST$/m)
  }
})
