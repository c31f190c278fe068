import { readdirSync, readFileSync } from 'node:fs'

export interface CpuTime {
  /** User and system. */
  busyMicros: number
  /** Ready to run while other work had the cores. */
  waitedMicros: number
}

/** What a process had of the processor so far, over all its threads. Linux only. */
export function cpuTimeOf(pid: number): CpuTime {
  const tasks = `/proc/${pid}/task`
  const time = { busyMicros: 0, waitedMicros: 0 }
  for (const id of readdirSync(tasks)) {
    const [busy = 0, waited = 0] = readFileSync(`${tasks}/${id}/schedstat`, 'utf8').split(' ').map(Number)
    time.busyMicros += busy / 1_000
    time.waitedMicros += waited / 1_000
  }
  return time
}

/** The CPU time of the first thread of a process, in ms; a few ms behind while it runs. */
export function workOfMainThread(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1_000_000
}
