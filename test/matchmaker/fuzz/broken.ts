/** A promise of the matchmaker that did not hold. */
export class Broken extends Error {
  readonly promise: string
  readonly seen: string
  constructor(promise: string, seen: string) {
    super(`${promise}: ${seen}`)
    this.name = 'Broken'
    this.promise = promise
    this.seen = seen
  }
}

export function hold(isSo: boolean, promise: string, seen: () => string): void {
  if (!isSo) throw new Broken(promise, seen())
}
