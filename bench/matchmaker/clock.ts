/** What a stretch of work took: this thread's CPU time, and the time on the wall. */
export interface Took {
  cpuMs: number
  wallMs: number
}

/** Starts both clocks; the answer reads them. */
export function stopwatch(): () => Took {
  const [cpuMs, wallMs] = [cpuMsSoFar(), performance.now()]
  return () => ({ cpuMs: cpuMsSoFar() - cpuMs, wallMs: performance.now() - wallMs })
}

function cpuMsSoFar(): number {
  // Linux updates a running thread's time every 4 ms, unless the time of the whole process was just read.
  process.cpuUsage()
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}
