import type { MatchEvent, MatchRoom, MatchView } from '../../src/client/client.ts'
import { secondsUntil } from '../clock.ts'
import { byId, setText } from '../dom.ts'
import { createDrawing } from '../drawing/table.ts'
import type { Ending, Table } from '../table.ts'
import { createTicTacToe } from '../tictactoe/table.ts'
import { namesOf, othersIn, type Seat } from '../view.ts'
import { news, storyOf } from './news.ts'
import { listPeople } from './people.ts'
import { createRematch } from './rematch.ts'
import { callInTitle } from './show.ts'

/** One match as long as it is on the screen. */
interface Game {
  room: MatchRoom
  table: Table
  listPeople: ReturnType<typeof listPeople>
}
interface MatchButtons {
  /** To other people, or back to the lobby. */
  goOn(): void
}
const TICK_MS = 250

export type MatchScreen = ReturnType<typeof createMatchScreen>

/** The match screen: the sheet or the board, the players, and the news. */
export function createMatchScreen({ goOn }: MatchButtons) {
  const title = byId('match-title', HTMLHeadingElement)
  const state = byId('match-state', HTMLParagraphElement)
  const drawing = byId('drawing', HTMLDivElement)
  const board = byId('board', HTMLDivElement)
  const curtain = byId('curtain', HTMLDivElement)
  const digit = byId('countdown', HTMLParagraphElement)
  const waiting = byId('waiting', HTMLParagraphElement)
  const alone = byId('alone', HTMLDivElement)
  const layOutSheet = createDrawing()
  const layOutBoard = createTicTacToe()
  const findNew = byId('find-new', HTMLButtonElement)
  const rematch = createRematch(goOn)
  let game: Game | null = null
  let lastTable: Table | null = null

  findNew.addEventListener('click', goOn)
  setInterval(render, TICK_MS)

  /** The seat is not taken yet. */
  function expect(): void {
    close()
    if (rematch.hasFocus()) title.focus()
    rematch.hide()
    news.clear()
    byId('people', HTMLUListElement).replaceChildren()
    setText(title, 'Match found')
    setText(state, 'Taking your seat…')
    lastTable = null
    for (const part of [drawing, board, curtain, alone]) part.hidden = true
  }

  function open(room: MatchRoom): void {
    const isBoard = room.view.mode === 'tictactoe'
    const table = isBoard ? layOutBoard({ room, changed: render }) : layOutSheet(room)
    drawing.hidden = isBoard
    board.hidden = !isBoard
    game = { room, table, listPeople: listPeople(room.seat, table.signOf) }
    lastTable = table
    rematch.open(room)
    table.connected()
    render()
  }

  function changed(view: MatchView, event: MatchEvent | null): void {
    if (!game) return
    if (event === null) game.table.connected()
    else tell(game, view, event)
    render()
  }

  function tell({ room, table }: Game, view: MatchView, event: MatchEvent): void {
    const story = table.storyOf(event, view) ?? storyOf(event, view, room.seat)
    if (story !== null) news.add(story)
  }

  function render(): void {
    if (!game) return
    const { room, table } = game
    const view = room.view
    const verdict = table.verdictOf(view)
    const turn = verdict ? null : table.turnOf(view)
    const others = othersIn(view, room.seat)
    const isAlone = view.state === 'playing' && !verdict && others.every(({ status }) => status === 'left')
    setText(title, others.length === 1 ? `You and ${namesOf(others)}` : `${others.length + 1} players`)
    setText(state, verdict ? 'The game is over' : stateOf(view, room.seat, table))
    state.toggleAttribute('data-mine', turn === room.seat)
    callInTitle(turn === room.seat && view.state === 'playing' ? 'Your turn' : '')
    game.listPeople(view, turn)
    alone.hidden = !isAlone
    drawCurtain(view)
    table.render(view)
    rematch.render(view, verdict)
  }

  // Before the match begins, and while it is paused, a curtain says what it waits for.
  function drawCurtain({ state, deadline }: MatchView): void {
    const left = deadline ? secondsUntil(deadline.at) : 0
    curtain.hidden = state !== 'gathering' && state !== 'countdown' && state !== 'paused'
    setText(digit, state === 'countdown' ? `${Math.max(1, left)}` : '')
    const words = {
      gathering: `Everyone has ${left} s to arrive`,
      paused: `Paused – it goes on in ${left} s at the latest`,
    }
    setText(waiting, state === 'gathering' || state === 'paused' ? words[state] : '')
  }

  function close(): void {
    game?.table.disconnected()
    game = null
    callInTitle('')
  }

  return {
    expect,
    open,
    changed,
    heard: (fromSeat: number, data: unknown) => game?.table.heard(fromSeat, data),
    disconnected: () => game?.table.disconnected(),
    /** The match is decided and its room gone; what was played stays to be looked at. */
    roomClosed(): void {
      rematch.roomClosed()
      render()
    },
    verdict: (): Ending | null => (game ? game.table.verdictOf(game.room.view) : null),
    disconnectAll: (): string => (game ? game.table.farewellOf(game.room.view) : 'Your seat was not taken yet.'),
    close,
    /** Where it goes on from here. */
    setInLobby(isInLobby: boolean): void {
      setText(findNew, isInLobby ? 'Back to the lobby' : 'Find a new match')
      setText(byId('someone-else', HTMLButtonElement), isInLobby ? 'Back to the lobby' : 'Someone else')
    },
    picture: (): string | null => lastTable?.picture() ?? null,
  }
}

const waitingFor = (seats: Seat[]): string | null => (seats.length > 0 ? `Waiting for ${namesOf(seats)}` : null)

/** The state of the match in one line. */
function stateOf(view: MatchView, mine: number, table: Table): string {
  const missing = (status: string) => othersIn(view, mine).filter((seat) => seat.status === status)
  switch (view.state) {
    case 'proposed':
      return 'Waiting until everyone has accepted'
    case 'gathering':
      return waitingFor([...missing('reserved'), ...missing('away')]) ?? 'Get ready'
    case 'countdown':
      return 'Get ready'
    case 'playing':
      return table.stateOf(view)
    case 'paused':
      return 'Paused'
    case 'settling':
      return 'Play is over – waiting for the result'
    case 'ended':
    case 'closed':
      return 'The match is over'
  }
}
