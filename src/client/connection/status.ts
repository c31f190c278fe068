import { createListeners } from '../listeners.ts'

/** `reconnecting`: the client connects again by itself. `closed` is final. */
export type ConnectionStatus = 'connected' | 'reconnecting' | 'closed'

/** Whether the player is connected right now, and who wants to know. */
export function createStatus() {
  const listeners = createListeners<[status: ConnectionStatus, why: unknown]>()
  let current: ConnectionStatus = 'connected'
  return {
    current: () => current,
    /** `why`: the error that ended the connection for good, if any. */
    become(next: ConnectionStatus, why?: unknown): void {
      if (current === next || current === 'closed') return
      current = next
      listeners.tell(next, why)
    },
    onStatus: listeners.add,
    /** Resolves when the client is no longer reconnecting, or after `timeoutMs`. */
    settled(timeoutMs: number): Promise<void> {
      if (current !== 'reconnecting') return Promise.resolve()
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          stop()
          resolve()
        }
        const timer = setTimeout(done, timeoutMs)
        const stop = listeners.add(done)
      })
    },
  }
}
export type Status = ReturnType<typeof createStatus>
