import { appendFileSync } from 'node:fs'
import { setInterval } from 'node:timers'
import { workerData } from 'node:worker_threads'
import type { Shared } from './watchdog.ts'

const { shared, notePath, longestStillMs } = workerData as {
  shared: Shared
  notePath: string | null
  longestStillMs: number
}
const LOOK_MS = 500

let seen = Atomics.load(shared.beats, 0)
let stillMs = 0

function end(): void {
  const bytes = shared.name.slice(0)
  const length = bytes.indexOf(0)
  const name = new TextDecoder().decode(bytes.subarray(0, length < 0 ? bytes.length : length))
  console.error(
    `Muster's loop has stood still for ${stillMs} ms${name ? `, at work on match ${name}` : ''}: ending the process.`,
  )
  if (notePath && name) appendFileSync(notePath, `${name}\n`)
  process.kill(process.pid, 'SIGKILL')
}

setInterval(() => {
  const beats = Atomics.load(shared.beats, 0)
  stillMs = beats === seen ? stillMs + LOOK_MS : 0
  seen = beats
  if (stillMs >= longestStillMs) end()
}, LOOK_MS)
