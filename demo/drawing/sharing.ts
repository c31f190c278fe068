import type { MatchRoom } from '../../src/client/client.ts'
import { type Ink, MAX_STROKE, newStrokeId, readInk, type Segment } from './ink.ts'
import { createOutbox, MESSAGE_NUMBERS } from './outbox.ts'
import type { Sheet } from './sheet.ts'
import { createStrokes, type Stroke } from './strokes.ts'

// The size and pace of messages to a newcomer: the server accepts 16 KB a message.
const PAGE_CHARS = 10_000
const PAGE_MS = 80
const ASK_AGAIN_MS = 2_000

export interface PenPlace {
  seat: number
  x: number
  y: number
}
interface SharingParts {
  room: MatchRoom
  sheet: Sheet
  /** Called when another player draws at this point. */
  penMoved(place: PenPlace): void
}
export type Sharing = ReturnType<typeof shareSheet>

/** Keeps the sheets of a match equal: sends own ink, adds that of others, and resends ink to returning players. */
export function shareSheet({ room, sheet, penMoved }: SharingParts) {
  const strokes = createStrokes(sheet.redraw)
  const tell = (ink: Ink, to?: number[]) => room.send(ink, to)
  const outbox = createOutbox((ink) => tell({ ink }))
  const asked = new Set<number>()
  const helpedAt = new Map<number, number>()
  let askedAt = Number.NEGATIVE_INFINITY
  let isConnected = true
  sheet.turnTo(strokes)

  function put(segment: Segment): Stroke | null {
    const added = strokes.add(segment)
    if (added.is === 'gap') ask()
    if (added.is !== 'new') return null
    sheet.draw(added.stroke, added.at)
    return added.stroke
  }

  /** Begins an own stroke, and returns a function that extends it. */
  function begin(x: number, y: number): (x: number, y: number) => void {
    let id = newStrokeId()
    let from = 0
    let last = [x, y]
    const extend = (nextX: number, nextY: number) => {
      // A long stroke continues as another one.
      const isFull = from >= MAX_STROKE
      if (isFull) [id, from] = [newStrokeId(), 0]
      const points = isFull ? [...last, nextX, nextY] : [nextX, nextY]
      last = [nextX, nextY]
      const stroke = put({ seat: room.seat, stroke: id, from, points })
      if (!stroke) return
      outbox.add(stroke, from)
      from = stroke.points.length
    }
    extend(x, y)
    return extend
  }

  function heard(fromSeat: number, data: unknown): void {
    const message = readInk(data)
    if (!message) return
    if ('want' in message) return void help(fromSeat)
    // Players send their own ink; that of others only when asked.
    const ink = message.ink.filter(({ seat }) => seat === fromSeat || asked.has(fromSeat))
    for (const segment of ink) put(segment)
    const last = ink.at(-1)
    const [x = 0, y = 0] = last?.points.slice(-2) ?? []
    if (last?.seat === fromSeat) penMoved({ seat: fromSeat, x, y })
  }

  /** Asks the first present player for missed ink. */
  function ask(): void {
    if (performance.now() - askedAt < ASK_AGAIN_MS) return
    const helper = room.view.seats.find(({ seat, status }) => seat !== room.seat && status === 'present')
    if (!helper) return
    askedAt = performance.now()
    asked.add(helper.seat)
    tell({ want: 'ink' }, [helper.seat])
  }

  async function help(seat: number): Promise<void> {
    const isTooSoon = performance.now() - (helpedAt.get(seat) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_MS / 2
    if (isTooSoon) return
    helpedAt.set(seat, performance.now())
    for (const ink of pagesOf(strokes.all())) {
      if (!isConnected) return
      tell({ ink }, [seat])
      await new Promise((next) => setTimeout(next, PAGE_MS))
    }
  }

  function connected(): void {
    isConnected = true
    askedAt = Number.NEGATIVE_INFINITY
    ask()
    outbox.open()
  }

  /** Without a connection messages would pile up and be sent before the seat is taken again. */
  function disconnected(): void {
    isConnected = false
    outbox.close()
  }

  return { begin, heard, connected, disconnected }
}

/** The strokes as lists of segments, each list small enough for one message. */
function pagesOf(strokes: Iterable<Stroke>): Segment[][] {
  const pages: Segment[][] = []
  let space = 0
  for (const { seat, id, points } of strokes) {
    for (let from = 0; from < points.length; from += MESSAGE_NUMBERS) {
      const segment: Segment = { seat, stroke: id, from, points: points.slice(from, from + MESSAGE_NUMBERS) }
      const chars = JSON.stringify(segment).length
      if (chars > space) {
        pages.push([])
        space = PAGE_CHARS
      }
      pages.at(-1)?.push(segment)
      space -= chars
    }
  }
  return pages
}
