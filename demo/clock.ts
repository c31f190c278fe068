/*
 * Deadlines are instants of the server's clock, and a phone's may be minutes off.
 */
let aheadMs = 0

export function setServerTime(now: number): void {
  aheadMs = now - Date.now()
}

export const serverNow = (): number => Date.now() + aheadMs

export const secondsUntil = (at: number): number => Math.max(0, Math.ceil((at - serverNow()) / 1000))

/** 75 seconds are `1:15`. */
export const asMinutes = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
