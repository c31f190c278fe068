import type { Elapsed, LoopTurns } from '../../ports.ts'

/** How long messages may be sent in one turn of the event loop. */
const SLICE_MS = 4

/** Sends messages in order: at once while the turn has time left, the rest over the next turns of the loop. */
export function createOutbox({ turns, elapsed }: { turns: LoopTurns; elapsed: Elapsed }) {
  const waiting: (() => void)[] = []
  let spentMs = 0
  let isTurnOpen = false

  function send(message: () => void): void {
    openTurn()
    if (waiting.length === 0 && spentMs < SLICE_MS) return timed(message)
    waiting.push(message)
    if (waiting.length === 1) turns.later(waiting, sendSome)
  }

  function openTurn(): void {
    if (isTurnOpen) return
    isTurnOpen = true
    spentMs = 0
    setImmediate(() => {
      isTurnOpen = false
    })
  }

  function timed(message: () => void): void {
    const began = elapsed()
    message()
    spentMs += elapsed() - began
  }

  function sendSome(): void {
    const began = elapsed()
    let sent = 0
    for (const message of waiting) {
      message()
      sent += 1
      if (elapsed() - began >= SLICE_MS) break
    }
    waiting.splice(0, sent)
    if (waiting.length > 0) turns.later(waiting, sendSome)
  }

  return { send }
}

export type Outbox = ReturnType<typeof createOutbox>
