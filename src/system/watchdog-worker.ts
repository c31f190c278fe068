import { appendFileSync, readFileSync, writeSync } from 'node:fs'
import { setInterval } from 'node:timers'
import { workerData } from 'node:worker_threads'
import type { Limits, Shared } from './watchdog.ts'

const { shared, notePath, longestBusyMs, longestBlockedMs } = workerData as Limits & {
  shared: Shared
  notePath: string | null
}
const LOOK_MS = Math.min(500, longestBusyMs / 4)
const STDERR = 2
const FATAL = 60
// Linux counts CPU time in units of 10 ms.
const TICK_MS = 10

interface MainThread {
  cpuMs: number
  /** Whether it waits in a system call, not for a processor; false where the system does not tell. */
  isBlocked: boolean
}

/** Reads the state of the main thread; without /proc, the CPU time of the whole process. */
function lookAtMain(): MainThread {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8')
    // The name in parentheses may hold any character. After it come the state, ten more fields, then the times.
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { cpuMs: (Number(fields[10]) + Number(fields[11])) * TICK_MS, isBlocked: 'SD'.includes(state) }
  } catch {
    const { user, system } = process.cpuUsage()
    return { cpuMs: (user + system) / 1_000, isBlocked: false }
  }
}

let seen = Atomics.load(shared.beats, 0)
let atBeat = lookAtMain().cpuMs
let stillMs = 0
let blockedMs = 0

function look(): void {
  const beats = Atomics.load(shared.beats, 0)
  const { cpuMs, isBlocked } = lookAtMain()
  if (beats !== seen) {
    seen = beats
    atBeat = cpuMs
    stillMs = 0
    blockedMs = 0
    return
  }
  // Counts its own looks, not clock time: a stopped process is not still.
  stillMs += LOOK_MS
  if (isBlocked) blockedMs += LOOK_MS
  const busyMs = cpuMs - atBeat
  const isStill = stillMs >= longestBusyMs && (busyMs >= longestBusyMs || blockedMs >= longestBlockedMs)
  if (isStill) end(busyMs)
}

function end(busyMs: number): void {
  const at = Date.now()
  const work = { match: read(shared.match), mode: read(shared.mode), event: read(shared.event) }
  const cause = { stillMs: Math.round(stillMs), busyMs: Math.round(busyMs), ...work }
  const line = { level: FATAL, time: at, ...cause, msg: 'the loop stood still: the watchdog ended the process' }
  // A worker's console goes through the main thread, which stands still.
  attempt(() => writeSync(STDERR, `${JSON.stringify(line)}\n`))
  attempt(() => notePath && appendFileSync(notePath, `${JSON.stringify({ at, ...cause })}\n`))
  process.kill(process.pid, 'SIGKILL')
}

function read(name: Uint8Array): string {
  const bytes = name.slice(0)
  const length = bytes.indexOf(0)
  return new TextDecoder().decode(bytes.subarray(0, length < 0 ? bytes.length : length))
}

function attempt(write: () => unknown): void {
  try {
    write()
  } catch {
    // The disk is full or the pipe is closed: the process must end anyway.
  }
}

setInterval(look, LOOK_MS)
