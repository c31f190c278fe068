import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { answers, StartError } from '../own-server.ts'
import { between, type Dice } from './dice.ts'
import type { Life } from './history.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))
const CONFIG = fileURLToPath(new URL('../../../bench/chaos.config.ts', import.meta.url))
const START_MS = 30_000
const LOOK_MS = 10
const SHOWN = 8
// Below those that the system gives to connections: one of our own could take the port while the server is down.
const PORTS = { least: 20_000, most: 32_000 }

/** A server that is killed and started again, on the same port and the same data. */
export interface MortalServer {
  url: string
  /** Each life but the one that goes on. */
  lives: Life[]
  /** How long it took from each start until it answered, in ms. */
  startsMs: number[]
  /** What it warned of, by its words and how often. */
  complaints: Map<string, number>
  /** All that it said. */
  said: string[]
  /** Resolves when it answers. */
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

  function complain(text: string): void {
    said.push(text)
    const words = wordsOf(text)
    complaints.set(words, (complaints.get(words) ?? 0) + 1)
  }

  async function start(): Promise<void> {
    const { PATH } = process.env
    const env = {
      PATH,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      MUSTER_CONFIG: CONFIG,
      LOG_LEVEL: 'warn',
    }
    const startedAt = performance.now()
    const started = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    for (const stream of [started.stdout, started.stderr]) createInterface(stream).on('line', complain)
    while (!(await answers(url))) {
      if (started.exitCode !== null)
        throw new StartError(`the server ended at its start: ${said.slice(-SHOWN).join(' ')}`)
      if (performance.now() - startedAt > START_MS)
        throw new StartError(`the server did not answer within ${START_MS} ms`)
      await sleep(LOOK_MS)
    }
    startsMs.push(performance.now() - startedAt)
    readyAt = Date.now()
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

/** The words of a line of the log, without what differs from one to the next. */
function wordsOf(text: string): string {
  try {
    const { level, msg, err } = JSON.parse(text) as { level: number; msg: string; err?: { message: string } }
    return `${level >= 50 ? 'error' : 'warning'}: ${msg}${err ? ` (${err.message})` : ''}`
  } catch {
    return text
  }
}
