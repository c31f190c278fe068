import { SHEET_UNITS } from './ink.ts'
import type { Stroke, Strokes } from './strokes.ts'

// Shares of the sheet's width.
const LINE_WIDTH = 0.009
const SHARP = 0.025
const PICTURE_PX = 1_000

export type Sheet = ReturnType<typeof createSheet>

/** Draws strokes on the canvas, sharp at every size and pixel density. */
export function createSheet(canvas: HTMLCanvasElement) {
  const pen = penOf(canvas)
  let strokes: Strokes | null = null

  function fit(): void {
    const side = Math.round(canvas.clientWidth * devicePixelRatio)
    if (side === 0 || side === canvas.width) return
    canvas.width = side
    canvas.height = side
    redraw()
  }

  function redraw(): void {
    pen.clearRect(0, 0, canvas.width, canvas.height)
    for (const stroke of strokes?.all() ?? []) drawStroke(pen, stroke)
  }

  /** Draws what a stroke has gained since it had `at` numbers. */
  const draw = (stroke: Stroke, at: number) => drawStroke(pen, stroke, at)

  function turnTo(next: Strokes): void {
    strokes = next
    redraw()
  }

  /** The sheet as a PNG of its own, paper included. */
  function picture(): string | null {
    if (!strokes || strokes.isEmpty()) return null
    const copy = document.createElement('canvas')
    copy.width = copy.height = PICTURE_PX
    const copyPen = penOf(copy)
    copyPen.fillStyle = getComputedStyle(canvas).backgroundColor
    copyPen.fillRect(0, 0, PICTURE_PX, PICTURE_PX)
    for (const stroke of strokes.all()) drawStroke(copyPen, stroke)
    return copy.toDataURL('image/png')
  }

  new ResizeObserver(fit).observe(canvas)
  // A window that moves to another screen keeps its size and changes its pixels.
  addEventListener('resize', fit)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)

  return { turnTo, draw, redraw, picture }
}

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser cannot draw')
  return pen
}

/** The colour of a seat in the scheme of the moment; after eight seats the colours come again. */
const colourOf = (seat: number): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--seat-${seat % 8}`)

// A quadratic curve from midpoint to midpoint with the point between as its control, or straight through the point
// where the pen turned sharply. The last half is straight too, and the next curve covers it.
function drawStroke(pen: CanvasRenderingContext2D, { seat, points }: Stroke, at = 0): void {
  const scale = pen.canvas.width / SHEET_UNITS
  const x = (n: number) => (points[2 * n] ?? 0) * scale
  const y = (n: number) => (points[2 * n + 1] ?? 0) * scale
  const middle = (n: number) => [(x(n) + x(n + 1)) / 2, (y(n) + y(n + 1)) / 2] as const
  const bend = (n: number) => Math.hypot(x(n - 1) - 2 * x(n) + x(n + 1), y(n - 1) - 2 * y(n) + y(n + 1))
  const last = points.length / 2 - 1
  const first = Math.max(1, at / 2)

  pen.strokeStyle = colourOf(seat)
  pen.lineWidth = pen.canvas.width * LINE_WIDTH
  pen.lineCap = 'round'
  pen.lineJoin = 'round'
  pen.beginPath()
  pen.moveTo(...(first > 1 ? middle(first - 2) : ([x(0), y(0)] as const)))
  for (let n = first; n <= last; n++) {
    const isCorner = n > 1 && bend(n - 1) > pen.canvas.width * SHARP
    if (isCorner) pen.lineTo(x(n - 1), y(n - 1))
    if (isCorner) pen.lineTo(...middle(n - 1))
    else pen.quadraticCurveTo(x(n - 1), y(n - 1), ...middle(n - 1))
  }
  pen.lineTo(x(last), y(last))
  pen.stroke()
}
