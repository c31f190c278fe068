import type { Log } from '../ports.ts'

/** Runs the task; catches and logs its fault, or the rejection of the promise that it returns. */
export function walled(log: Log, fields: object, task: () => unknown): void {
  const failed = (fault: unknown) => log.error({ ...fields, err: fault }, 'a callback failed')
  try {
    const outcome = task()
    if (outcome instanceof Promise) outcome.catch(failed)
  } catch (fault) {
    failed(fault)
  }
}

/** Wraps a listener of socket events: its faults are logged, where they would end the process. */
export const behindWall =
  <Args extends unknown[]>(log: Log, listen: (...args: Args) => unknown) =>
  (...args: Args): void =>
    walled(log, {}, () => listen(...args))

/** Wraps each function of a listener: its faults are logged, and cannot undo what it was told of. */
export function walledListener<Listener extends object>(listener: Listener, log: Log): Listener {
  const behindWall = ([name, listen]: [string, (...news: unknown[]) => unknown]) => [
    name,
    (...news: unknown[]) => walled(log, { told: name }, () => listen(...news)),
  ]
  return Object.fromEntries(Object.entries(listener).map((entry) => behindWall(entry as never))) as Listener
}

/** Visits all items even if some fail, then throws the fault, or several as an `AggregateError`. */
export function visitEach<Item>(items: Iterable<Item>, visit: (item: Item) => void): void {
  const faults: unknown[] = []
  for (const item of items) {
    try {
      visit(item)
    } catch (fault) {
      faults.push(fault)
    }
  }
  if (faults.length === 1) throw faults[0]
  if (faults.length > 1) throw new AggregateError(faults, `${faults.length} of them failed`)
}
