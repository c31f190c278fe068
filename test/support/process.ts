import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** Starts the service as a process of its own, as a user would, with no other environment; `command` is what Node runs. */
export function startProcess(
  env: Record<string, string> = {},
  cwd = process.cwd(),
  command = [resolve('src/main.ts')],
) {
  const child = spawn(process.execPath, command, {
    cwd,
    env: { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const exit = new Promise<{ code: number | null; complaint: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, complaint }))
  })
  const url = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const { msg, port } = JSON.parse(line)
      if (msg === 'listening') resolve(`http://127.0.0.1:${port}`)
    })
  })
  return { url, exit, lines, kill: (signal: NodeJS.Signals) => child.kill(signal) }
}
