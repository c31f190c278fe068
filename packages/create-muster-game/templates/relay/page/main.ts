import type { MatchRoom } from '@muster-rooms/client'
import { type Position, readPosition } from '../src/position.ts'
import { element, muster, offerAgain, offerPlay, say } from './player.ts'

const SENDS_PER_SECOND = 20

const arena = element('arena')
let room: MatchRoom | null = null
let mine: Position = { x: 0.5, y: 0.5 }
let sent: Position | null = null
const dots = new Map<number, HTMLElement>()

async function join(matchId: string): Promise<void> {
  const joined = await muster.joinMatch<'arena'>(matchId, { message: moved, changed: drawPlayers, closed: over })
  if (!joined.ok) return say(joined.error.message)
  room = joined
  drawPlayers()
}

arena.addEventListener('pointermove', ({ clientX, clientY }) => {
  if (!room) return
  const { left, top, width, height } = arena.getBoundingClientRect()
  mine = { x: within((clientX - left) / width), y: within((clientY - top) / height) }
  put(room.seat, mine)
})
const within = (share: number): number => Math.min(1, Math.max(0, share))

// Positions are sent at a steady rate, and only when they have changed.
setInterval(() => {
  if (!room || mine === sent) return
  if (room.send(mine)) sent = mine
}, 1000 / SENDS_PER_SECOND)

function moved(seat: number, data: unknown): void {
  const position = readPosition(data)
  if (position) put(seat, position)
}

function put(seat: number, { x, y }: Position): void {
  let dot = dots.get(seat)
  if (!dot) {
    dot = Object.assign(document.createElement('div'), { className: `dot seat-${seat}`, textContent: String(seat + 1) })
    dots.set(seat, dot)
    arena.append(dot)
  }
  dot.style.left = `${x * 100}%`
  dot.style.top = `${y * 100}%`
}

function drawPlayers(): void {
  if (!room) return
  const here = room.view.seats.filter(({ status }) => status === 'present')
  for (const [seat, dot] of dots) dot.hidden = !here.some((one) => one.seat === seat)
  // A new player has not heard where the others are.
  sent = null
  if (room.view.state === 'playing') say(`You are number ${room.seat + 1} of ${here.length} players.`)
}

function over(): void {
  say('The match is over.')
  for (const dot of dots.values()) dot.remove()
  dots.clear()
  room = null
  offerAgain()
}

await offerPlay({
  mode: 'arena',
  intro: 'Move your dot with mouse or finger. Everyone sees it at once.',
  waiting: 'Waiting for others. Open this page in a second tab to play with yourself.',
  join,
})
