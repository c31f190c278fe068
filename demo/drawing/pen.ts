import { SHEET_UNITS } from './ink.ts'

interface Hand {
  mayDraw(): boolean
  /** Puts the pen down, and returns what to call with each further point, in sheet units. */
  down(x: number, y: number): (x: number, y: number) => void
}
interface Drawing {
  x: number
  y: number
  move: (x: number, y: number) => void
}
// Skips closer points than this, about a pixel on a phone.
const MIN_STEP = 25

/** Turns fingers, pens and mice on the canvas into strokes, several at once. */
export function followPointers(canvas: HTMLCanvasElement, { mayDraw, down }: Hand): void {
  const drawings = new Map<number, Drawing>()

  canvas.addEventListener('pointerdown', (event) => {
    if (!mayDraw() || event.button !== 0) return
    canvas.setPointerCapture(event.pointerId)
    const { x, y } = placeOf(event)
    drawings.set(event.pointerId, { x, y, move: down(x, y) })
  })
  canvas.addEventListener('pointermove', (event) => {
    const drawing = drawings.get(event.pointerId)
    if (!drawing) return
    if (!mayDraw()) return void drawings.delete(event.pointerId)
    for (const { x, y } of stepsOf(event).map(placeOf)) {
      if (Math.hypot(x - drawing.x, y - drawing.y) < MIN_STEP) continue
      Object.assign(drawing, { x, y })
      drawing.move(x, y)
    }
  })
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    canvas.addEventListener(end, (event) => drawings.delete(event.pointerId))
  }

  function placeOf({ clientX, clientY }: PointerEvent): { x: number; y: number } {
    const { left, top, width, height } = canvas.getBoundingClientRect()
    return { x: units((clientX - left) / width), y: units((clientY - top) / height) }
  }
}

const units = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * SHEET_UNITS)

// Browsers offer the finer steps only over https.
function stepsOf(event: PointerEvent): PointerEvent[] {
  const steps = event.getCoalescedEvents?.() ?? []
  return steps.length > 0 ? steps : [event]
}
