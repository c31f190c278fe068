import type { MatchRoom, MatchView } from '../../src/client/client.ts'
import { asMinutes, secondsUntil } from '../clock.ts'
import { byId, setText } from '../dom.ts'
import { showNameTags } from '../drawing/name-tags.ts'
import { followPointers } from '../drawing/pen.ts'
import { type Sharing, shareSheet } from '../drawing/sharing.ts'
import { createSheet } from '../drawing/sheet.ts'
import { type MatchEvent, nameIn, namesOf, othersIn, type Seat } from '../view.ts'
import { news, storyOf } from './news.ts'
import { listPeople } from './people.ts'

/** One match as long as it is on the screen. */
interface Game {
  room: MatchRoom
  sharing: Sharing
  listPeople: ReturnType<typeof listPeople>
  awayUntil: Map<number, number>
}
interface MatchButtons {
  leave(): void
  findNew(): void
}
const TICK_MS = 250
const LAST_MINUTES_S = 300

export type MatchScreen = ReturnType<typeof createMatchScreen>

/** The match: the sheet, who is there, and what is going on. */
export function createMatchScreen({ leave, findNew }: MatchButtons) {
  const canvas = byId('sheet', HTMLCanvasElement)
  const title = byId('match-title', HTMLHeadingElement)
  const state = byId('match-state', HTMLParagraphElement)
  const curtain = byId('curtain', HTMLDivElement)
  const digit = byId('countdown', HTMLParagraphElement)
  const waiting = byId('waiting', HTMLParagraphElement)
  const alone = byId('alone', HTMLDivElement)
  const sheet = createSheet(canvas)
  let game: Game | null = null

  byId('leave', HTMLButtonElement).addEventListener('click', leave)
  byId('find-new', HTMLButtonElement).addEventListener('click', findNew)
  followPointers(canvas, {
    mayDraw: () => game?.room.view.state === 'playing',
    down: (x, y) => game?.sharing.begin(x, y) ?? (() => {}),
  })
  setInterval(render, TICK_MS)

  /** The seat is not taken yet. */
  function expect(): void {
    close()
    news.clear()
    byId('people', HTMLUListElement).replaceChildren()
    setText(title, 'Match found')
    setText(state, 'Taking your seat…')
    curtain.hidden = true
    alone.hidden = true
  }

  function open(room: MatchRoom): void {
    const movePen = showNameTags((seat) => nameIn(room.view, seat))
    const sharing = shareSheet({ room, sheet, penMoved: movePen })
    game = { room, sharing, listPeople: listPeople(room.seat), awayUntil: new Map() }
    sharing.connected()
    render()
  }

  function changed(view: MatchView, event: MatchEvent | null): void {
    if (!game) return
    if (event === null) game.sharing.connected()
    else tell(game, view, event)
    render()
  }

  function tell({ room, awayUntil }: Game, view: MatchView, event: MatchEvent): void {
    if (event.type === 'player.away') awayUntil.set(event.seat, event.until)
    const story = storyOf(event, view, room.seat)
    if (story !== null) news.add(story)
  }

  function render(): void {
    if (!game) return
    const { room, awayUntil } = game
    const others = othersIn(room.view, room.seat)
    const isAlone = room.view.state === 'playing' && others.every(({ status }) => status === 'left')
    setText(title, others.length === 1 ? `You and ${namesOf(others)}` : `${others.length + 1} players`)
    setText(state, stateOf(room.view, room.seat))
    game.listPeople(room.view, awayUntil)
    alone.hidden = !isAlone
    drawCurtain(room.view)
  }

  // Before the match begins the sheet lies behind a curtain that says what it waits for.
  function drawCurtain({ state, deadline }: MatchView): void {
    const left = deadline ? secondsUntil(deadline.at) : 0
    curtain.hidden = state !== 'gathering' && state !== 'countdown'
    curtain.dataset.state = state
    setText(digit, state === 'countdown' ? `${Math.max(1, left)}` : '')
    setText(waiting, state === 'gathering' ? `Everyone has ${left} s to arrive` : '')
  }

  function close(): void {
    game?.sharing.disconnected()
    game = null
  }

  return {
    expect,
    open,
    changed,
    heard: (fromSeat: number, data: unknown) => game?.sharing.heard(fromSeat, data),
    disconnected: () => game?.sharing.disconnected(),
    close,
    picture: sheet.picture,
  }
}

const waitingFor = (seats: Seat[]): string | null => (seats.length > 0 ? `Waiting for ${namesOf(seats)}` : null)

/** What the match is at, in one line. */
function stateOf(view: MatchView, mine: number): string {
  const others = othersIn(view, mine)
  const missing = (status: string) => others.filter((seat) => seat.status === status)
  switch (view.state) {
    case 'gathering':
      return waitingFor([...missing('reserved'), ...missing('away')]) ?? 'Get ready'
    case 'countdown':
      return 'Get ready'
    case 'playing': {
      if (others.every(({ status }) => status === 'left')) return 'You are alone'
      const left = view.deadline ? secondsUntil(view.deadline.at) : Number.POSITIVE_INFINITY
      if (left <= LAST_MINUTES_S) return `${asMinutes(left)} left`
      return waitingFor(missing('away')) ?? 'Draw together'
    }
    case 'ended':
    case 'closed':
      return 'The match is over'
    default:
      return 'Hold on…'
  }
}
