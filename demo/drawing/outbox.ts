import type { Segment } from './ink.ts'
import type { Stroke } from './strokes.ts'

// About thirty messages a second: smooth for the eye, and far below what the server lets through.
const SEND_MS = 33
/** Numbers in one message, well under 2 KB of JSON. */
export const MESSAGE_NUMBERS = 240
// A broken connection is noticed within 9 s; ink sent in that time is sent again.
const DOUBT_MS = 12_000

/** The player's unsent ink. Ink drawn without a connection waits here, as a mark on each stroke, not as a copy. */
export function createOutbox(send: (ink: Segment[]) => void) {
  const unsent = new Map<Stroke, number>()
  let recent: { stroke: Stroke; from: number; at: number }[] = []
  let isOpen = true
  let isWaiting = false

  /** Queues the numbers of the stroke after its first `from`. */
  function add(stroke: Stroke, from: number): void {
    unsent.set(stroke, Math.min(from, unsent.get(stroke) ?? from))
    sendSoon()
  }

  function sendSoon(): void {
    if (!isOpen || isWaiting || unsent.size === 0) return
    isWaiting = true
    setTimeout(sendSome, SEND_MS)
  }

  function sendSome(): void {
    isWaiting = false
    if (!isOpen) return
    const at = performance.now()
    const ink: Segment[] = []
    let space = MESSAGE_NUMBERS
    for (const [stroke, from] of unsent) {
      const points = stroke.points.slice(from, from + space)
      ink.push({ seat: stroke.seat, stroke: stroke.id, from, points })
      recent.push({ stroke, from, at })
      space -= points.length
      if (from + points.length === stroke.points.length) unsent.delete(stroke)
      else unsent.set(stroke, from + points.length)
      if (space <= 0) break
    }
    recent = recent.filter((sent) => sent.at > at - DOUBT_MS)
    send(ink)
    sendSoon()
  }

  function close(): void {
    isOpen = false
    for (const { stroke, from, at } of recent) if (at > performance.now() - DOUBT_MS) add(stroke, from)
    recent = []
  }

  function open(): void {
    isOpen = true
    sendSoon()
  }

  return { add, open, close }
}
