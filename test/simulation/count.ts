export const newCount = () => ({
  steps: 0,
  matches: 0,
  acked: 0,
  lines: 0,
  crashes: 0,
  tornWrites: 0,
  partitions: 0,
  stops: 0,
  badDisks: 0,
  stalls: 0,
  clocks: 0,
})
/** Counts of one simulation, or of many. */
export type Count = ReturnType<typeof newCount>

export function addCount(total: Count, count: Count): void {
  for (const key of Object.keys(total) as (keyof Count)[]) total[key] += count[key]
}
