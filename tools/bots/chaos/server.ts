import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { StartError } from '../own-server.ts'
import type { Life } from './check/history.ts'
import { between, type Dice } from './player/dice.ts'

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
const CONFIG = fileURLToPath(new URL('../../../bench/chaos.config.ts', import.meta.url))
const START_MS = 30_000
const WARN = 40
const ERROR = 50
const SHOWN = 8
// Below the ports that the system assigns to connections: one of ours could take the port while the server is down.
const PORTS = { least: 20_000, most: 32_000 }

/** A server that is killed and started again, on the same port and the same data. */
export interface MortalServer {
  url: string
  /** Every life except the current one. */
  lives: Life[]
  /** How long it took from each start until it listened, in ms. */
  startsMs: number[]
  /** What it warned of, by its words and how often. */
  complaints: Map<string, number>
  /** All that it said. */
  said: string[]
  /** Resolves when it listens. */
  start(): Promise<void>
  /** Kills it with SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

export async function openMortalServer(dataDir: string, throwDice: Dice): Promise<MortalServer> {
  const port = await freePort(throwDice)
  const url = `http://127.0.0.1:${port}`
  const complaints = new Map<string, number>()
  const said: string[] = []
  const lives: Life[] = []
  const startsMs: number[] = []
  let child: ChildProcess | null = null
  let readyAt = 0
  process.on('exit', () => child?.kill('SIGKILL'))

  /** Takes a line of its log; returns the instant at which the server began to listen, if it says that. */
  function read(text: string): number | null {
    said.push(text)
    const { level = 0, msg = text, time = 0, err } = logged(text)
    if (msg === 'listening') return time
    if (level > 0 && level < WARN) return null
    const words = `${level < ERROR ? 'warning' : 'error'}: ${msg}${err ? ` (${err.message})` : ''}`
    complaints.set(words, (complaints.get(words) ?? 0) + 1)
    return null
  }

  async function start(): Promise<void> {
    const { PATH } = process.env
    const env = { PATH, PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir, MUSTER_CONFIG: CONFIG }
    const startedAt = Date.now()
    const started = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    readyAt = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new StartError(`the server did not listen within ${START_MS} ms`)),
        START_MS,
      )
      const end = () => reject(new StartError(`the server ended at its start: ${said.slice(-SHOWN).join(' ')}`))
      started.once('close', end)
      createInterface(started.stderr).on('line', read)
      createInterface(started.stdout).on('line', (text) => {
        const listensAt = read(text)
        if (listensAt === null) return
        clearTimeout(timer)
        resolve(listensAt)
      })
    })
    startsMs.push(readyAt - startedAt)
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null) throw new StartError('the server ended by itself')
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    lives.push({ readyAt, killedAt: Date.now() })
  }

  return { url, lives, startsMs, complaints, said, start, kill }
}

async function freePort(throwDice: Dice): Promise<number> {
  for (;;) {
    const port = between(throwDice, PORTS.least, PORTS.most)
    if (await isFree(port)) return port
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

function logged(text: string): { level?: number; msg?: string; time?: number; err?: { message: string } } {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
