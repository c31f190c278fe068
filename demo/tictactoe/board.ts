import { byId, setText } from '../dom.ts'
import { columnOf, type Game, lineIn, placeOf, rowOf } from './game.ts'

/** The state of the board besides its marks. */
interface Look {
  game: Game | null
  nameOf(seat: number): string
  /** Whether the player may mark a free cell now. */
  mayMark: boolean
  /** The requested cell, until the server replies. */
  asked: number | null
  /** Shown across the board when the game ended without a line. */
  stamp: string | null
  isOver: boolean
}
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 }
// How far the line goes beyond the centres of its first and last cell, in cells.
const OVERSHOOT = 0.32

/** The board: nine buttons. They are never removed or disabled, so the keyboard focus stays. */
export function createBoard(mark: (cell: number) => void) {
  const board = byId('cells', HTMLFieldSetElement)
  const stamp = byId('stamp', HTMLParagraphElement)
  const strike = byId('strike', SVGLineElement)
  const cells = Array.from({ length: 9 }, (_, cell) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'cell'
    button.append(newSign())
    button.addEventListener('click', () => mark(cell))
    button.addEventListener('keydown', (event) => step(cell, event))
    return button
  })
  board.replaceChildren(...cells)

  // Arrow keys move over the board, and so does Tab.
  function step(from: number, event: KeyboardEvent): void {
    const by = STEPS[event.key]
    if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    const to = from + by
    if (Math.abs(by) === 1 && rowOf(to) !== rowOf(from)) return
    cells[to]?.focus()
  }

  function render({ game, nameOf, mayMark, asked, stamp: words, isOver }: Look): void {
    const line = game && lineIn(game)
    for (const [cell, button] of cells.entries()) {
      const owner = game?.cells[cell] ?? null
      const isInLine = line?.includes(cell) ?? false
      const content = owner === null ? 'empty' : `${nameOf(owner)} mark${isInLine ? ', part of the winning line' : ''}`
      button.className = owner === null ? 'cell' : `cell seat-${owner % 8}`
      set(button, 'aria-label', `Row ${placeOf(cell).slice('row '.length)}, ${content}`)
      set(button, 'aria-disabled', owner === null && mayMark ? null : 'true')
      set(button, 'data-mark', owner === null ? null : `${owner % 2}`)
      set(button, 'data-asked', cell === asked && owner === null ? '' : null)
      set(button, 'data-line', isInLine ? '' : null)
    }
    set(board, 'data-over', isOver ? '' : null)
    set(board, 'data-won', line ? '' : null)
    drawStrike(line ?? null)
    setText(stamp, line ? '' : (words ?? ''))
  }

  function drawStrike(line: [number, number, number] | null): void {
    strike.toggleAttribute('data-drawn', line !== null)
    if (!line) return
    const [first, , last] = line
    const across = Math.sign(columnOf(last) - columnOf(first)) * OVERSHOOT
    const down = Math.sign(rowOf(last) - rowOf(first)) * OVERSHOOT
    const ends = {
      x1: columnOf(first) - across,
      y1: rowOf(first) - down,
      x2: columnOf(last) + across,
      y2: rowOf(last) + down,
    }
    for (const [name, place] of Object.entries(ends)) set(strike, name, `${(place + 0.5) * 100}`)
  }

  return { render }
}

/** Both signs in one; the style shows the one of `data-mark`. */
export function newSign(): Element {
  const sign = byId('sign', HTMLTemplateElement).content.firstElementChild?.cloneNode(true)
  if (!(sign instanceof Element)) throw new Error('the page has no sign')
  return sign
}

// Changes only what differs: this runs several times a second.
function set(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return
  if (value === null) element.removeAttribute(name)
  else element.setAttribute(name, value)
}
