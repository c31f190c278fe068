/** What a stretch of work took: this thread's CPU time, and the time on the wall. */
export interface Took {
  cpuMs: number
  wallMs: number
}

/** Starts both clocks; the answer reads them. */
export function stopwatch(): () => Took {
  const [cpu, wall] = [process.threadCpuUsage(), performance.now()]
  return () => {
    const { user, system } = process.threadCpuUsage(cpu)
    return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - wall }
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}
