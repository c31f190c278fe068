import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

// Loaded into the server: notes how much of the processor each turn of the loop takes, which other work on the machine
// does not change.
const NOTED_FROM_MS = 5
const file = process.env.BENCH_HOLDS

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

if (isMainThread && file) {
  let before = cpuMs()
  const look = () => {
    const now = cpuMs()
    if (now - before >= NOTED_FROM_MS)
      appendFileSync(file, `${process.hrtime.bigint() / 1_000n} ${(now - before).toFixed(1)}\n`)
    before = cpuMs()
  }
  setInterval(look, 1).unref()
}
