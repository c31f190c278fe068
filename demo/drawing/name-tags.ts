import { byId, element } from '../dom.ts'
import { SHEET_UNITS } from './ink.ts'
import type { PenPlace } from './sharing.ts'

interface Pen {
  tag: HTMLElement
  resting?: ReturnType<typeof setTimeout>
}
const REST_MS = 1_200

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
    // Near the right edge the name goes to the left of the pen.
    pen.tag.classList.toggle('leftwards', x > SHEET_UNITS * 0.75)
    pen.tag.style.left = `${(x / SHEET_UNITS) * 100}%`
    pen.tag.style.top = `${(y / SHEET_UNITS) * 100}%`
    pen.tag.classList.add('moving')
    clearTimeout(pen.resting)
    pen.resting = setTimeout(() => pen.tag.classList.remove('moving'), REST_MS)
  }
}
