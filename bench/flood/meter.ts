/** How long the loop was held, in ms of CPU time of its thread: other work on the machine is not counted. */
export interface Held {
  p99: number
  max: number
}

const TICK_MS = 5

// Loaded into the server before its own code.
const workMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
let held: number[] = []
let before = workMs()
setInterval(() => {
  const now = workMs()
  held.push(now - before)
  before = now
}, TICK_MS)
process.on('message', () => {
  const sorted = held.toSorted((a, b) => a - b)
  held = []
  process.send?.({ p99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0, max: sorted.at(-1) ?? 0 } satisfies Held)
})
