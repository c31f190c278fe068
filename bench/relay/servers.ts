import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const kinds = ['bare', 'muster'] as const
export type Kind = (typeof kinds)[number]

export interface RunningServer {
  url: string
  pid: number
  process: ChildProcess
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>
}

interface Setup {
  sizes?: readonly number[]
  /** The config of Muster, in place of one with a mode for each size. */
  config?: string
  /** Further settings. */
  env?: Record<string, string>
  /** Where to write a CPU profile when the server stops. */
  profileDir?: string | undefined
  /** A module that is loaded first, and may talk to its parent. */
  preload?: string
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const entries: Record<Kind, string> = { bare: here('bare-server.ts'), muster: here('../../src/main.ts') }

const HOST = '127.0.0.1'
const START_MS = 10_000
const STOP_MS = 20_000
// Only a process that ends by itself writes a profile.
const PROFILED = ['--import', 'data:text/javascript,process.on("SIGUSR2",()=>process.exit())']

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

/** Starts one server of its own process on a free port and waits until it accepts connections. */
export async function startServer(
  kind: Kind,
  { sizes = [], config, env, profileDir, preload }: Setup,
): Promise<RunningServer> {
  const port = Number(env?.PORT ?? (await freePort()))
  const profiling = profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, ...PROFILED] : []
  const loading = preload ? ['--import', preload] : []
  const child = spawn(process.execPath, [...profiling, ...loading, entries[kind]], {
    stdio: ['ignore', 2, 2, ...(preload ? (['ipc'] as const) : [])],
    env: {
      PORT: String(port),
      HOST,
      LOG_LEVEL: 'warn',
      SESSION_SECRET: randomBytes(32).toString('hex'),
      MUSTER_CONFIG: config ?? here('muster.config.mjs'),
      BENCH_ROOMS: sizes.join(','),
      ...env,
    },
  })
  children.add(child)
  await untilItAccepts(port, child)
  return {
    url: `ws://${HOST}:${port}`,
    pid: child.pid ?? 0,
    process: child,
    stop: () => stop(child, profileDir ? 'SIGUSR2' : 'SIGKILL'),
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals) {
  const gone = once(child, 'exit')
  child.kill(signal)
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  if (child.exitCode === null && child.signalCode === null) await gone
  clearTimeout(patience)
  children.delete(child)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function untilItAccepts(port: number, child: ChildProcess) {
  const giveUpAt = performance.now() + START_MS
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`)
    if (performance.now() > giveUpAt) throw new Error(`the server did not listen within ${START_MS} ms`)
    await sleep(50)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST)
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
