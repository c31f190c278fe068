import type { MatchRoom, MatchView } from '../../src/client/client.ts'
import { byId, setText } from '../dom.ts'
import type { Table } from '../table.ts'
import { nameIn } from '../view.ts'
import { createBoard, newSign } from './board.ts'
import { readGame } from './game.ts'
import { farewellOf, type Gone, stateOf, storyOf, turnAloud, verdictOf } from './words.ts'

const REFUSAL_MS = 5_000

interface BoardParts {
  room: MatchRoom
  /** Called when the display changes without an event. */
  changed(): void
}

/** The board, reused from match to match. */
export function createTicTacToe(): (parts: BoardParts) => Table {
  const aloud = byId('turn', HTMLParagraphElement)
  const refusal = byId('refusal', HTMLParagraphElement)
  const board = createBoard((cell) => mark(cell))
  let mark = (_cell: number): void => {}
  let hiding: ReturnType<typeof setTimeout> | undefined

  function say(text: string): void {
    clearTimeout(hiding)
    setText(refusal, text)
    if (text !== '') hiding = setTimeout(setText, REFUSAL_MS, refusal, '')
  }

  return ({ room, changed }) => {
    const whose = (view: MatchView) => (seat: number) => (seat === room.seat ? 'your' : `${nameIn(view, seat)}’s`)
    let asked: number | null = null
    let gone: Gone | null = null
    mark = (cell) => void ask(cell)
    say('')

    // A cell is marked only when the server confirms it; a refusal shows its reason.
    async function ask(cell: number): Promise<void> {
      const { state } = room.view
      if (asked !== null || state === 'gathering' || state === 'countdown' || room.view.result) return
      asked = cell
      say('')
      changed()
      const reply = await room.act({ type: 'mark', data: { cell } })
      asked = null
      if (!reply.ok && !room.view.result) say(reply.error.message)
      changed()
    }

    function render(view: MatchView): void {
      const game = readGame(view.game)
      const verdict = verdictOf(view, room.seat, gone)
      board.render({
        game,
        nameOf: whose(view),
        mayMark: view.state === 'playing' && game?.turn === room.seat && !verdict,
        asked,
        stamp: verdict?.stamp ?? null,
        isOver: verdict !== null,
      })
      setText(aloud, verdict ? `${verdict.title}. ${verdict.text}` : turnAloud(view, room.seat))
    }

    return {
      render,
      stateOf: (view) => stateOf(view, room.seat),
      storyOf(event, view) {
        const isOthers = 'seat' in event && event.seat !== room.seat
        if (isOthers && event.type === 'player.left') gone = 'left'
        if (isOthers && event.type === 'player.forfeited') gone = 'forfeited'
        if (event.type === 'action') say('')
        return storyOf(event, view, room.seat)
      },
      turnOf: (view) => (view.state === 'playing' ? (readGame(view.game)?.turn ?? null) : null),
      verdictOf: (view) => verdictOf(view, room.seat, gone),
      signOf(seat) {
        const sign = newSign()
        sign.setAttribute('data-mark', `${seat % 2}`)
        return sign
      },
      heard: () => {},
      connected: () => {},
      disconnected: () => {},
      farewellOf: (view) => farewellOf(view, room.seat),
      picture: () => null,
    }
  }
}
