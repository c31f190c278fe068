import { byId, element } from '../dom.ts'
import { SHEET_UNITS } from './ink.ts'
import type { PenPlace } from './sharing.ts'

interface Pen {
  tag: HTMLElement
  resting?: ReturnType<typeof setTimeout>
}
const REST_MS = 1_200
// Between the pen and its name, in CSS pixels.
const MARGIN = 10

/** Where a box of `size` begins that is to stand after `at`, or before it when it would not fit, within 0 and `end`. */
function inside(at: number, size: number, end: number): number {
  const start = at + size <= end ? at : at - size
  return Math.min(Math.max(0, start), Math.max(0, end - size)) + MARGIN
}

/** The names of the others, each beside the pen while it moves. */
export function showNameTags(nameOf: (seat: number) => string): (place: PenPlace) => void {
  const layer = byId('pens', HTMLDivElement)
  const pens = new Map<number, Pen>()
  layer.replaceChildren()

  function penOf(seat: number): Pen {
    const known = pens.get(seat)
    if (known) return known
    const pen: Pen = { tag: element('span', `pen seat-${seat % 8}`, nameOf(seat)) }
    layer.append(pen.tag)
    pens.set(seat, pen)
    return pen
  }

  return ({ seat, x, y }) => {
    const pen = penOf(seat)
    // Beside the pen, or on its other side where the sheet ends: the name never leaves the sheet.
    const width = pen.tag.offsetWidth + 2 * MARGIN
    const height = pen.tag.offsetHeight + 2 * MARGIN
    pen.tag.style.left = `${inside((x / SHEET_UNITS) * layer.clientWidth, width, layer.clientWidth)}px`
    pen.tag.style.top = `${inside((y / SHEET_UNITS) * layer.clientHeight, height, layer.clientHeight)}px`
    pen.tag.classList.add('moving')
    clearTimeout(pen.resting)
    pen.resting = setTimeout(() => pen.tag.classList.remove('moving'), REST_MS)
  }
}
