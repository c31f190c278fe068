import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const START_MS = 15_000
const STOP_MS = 10_000
const ANSWER_MS = 2_000
const WARN = 40

export interface OwnServer {
  url: string
  /** Resolves when the process is gone. */
  stop(): Promise<void>
}
/** The server did not come up; its own words are on stderr. */
export class StartError extends Error {}

type Line = { msg?: string; port?: number; level?: number }

/** Whether a Muster server answers there. */
export async function answers(url: string): Promise<boolean> {
  const health = new URL('/healthz', url)
  return fetch(health, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** Starts a server on a free port. Its warnings go to stderr; the rest of its log is dropped. */
export async function startOwnServer(): Promise<OwnServer> {
  const env = { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' }
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  process.on('exit', () => child.kill('SIGKILL'))
  const port = await portOf(child)
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(child) }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StartError(`the server did not listen within ${START_MS} ms`)), START_MS)
    let isListening = false
    child.once('exit', (code) => reject(new StartError(`the server ended at its start, with code ${code}`)))
    if (!child.stdout) return
    createInterface(child.stdout).on('line', (text) => {
      const line = readLine(text)
      if (isListening && (line.level ?? 0) >= WARN) console.error(text)
      if (line.msg !== 'listening' || line.port === undefined) return
      isListening = true
      clearTimeout(timer)
      resolve(line.port)
    })
  })
}

function readLine(text: string): Line {
  try {
    return JSON.parse(text) as Line
  } catch {
    return {}
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await gone
  clearTimeout(patience)
}
