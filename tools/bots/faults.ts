/** Something that should not be, and how often it was. */
export interface Fault {
  what: string
  times: number
}
export type Blame = (what: string, times?: number) => void

/** Counts faults by name. */
export function createFaults(): { blame: Blame; list(): Fault[] } {
  const counts = new Map<string, number>()
  return {
    blame(what, times = 1) {
      if (times > 0) counts.set(what, (counts.get(what) ?? 0) + times)
    },
    list: () => [...counts].map(([what, times]) => ({ what, times })),
  }
}
