import type { MatchRoom, MatchView } from '../../src/client/client.ts'
import { asMinutes, secondsUntil } from '../clock.ts'
import { byId } from '../dom.ts'
import type { Table } from '../table.ts'
import { nameIn, namesOf, othersIn } from '../view.ts'
import { showNameTags } from './name-tags.ts'
import { followPointers } from './pen.ts'
import { type Sharing, shareSheet } from './sharing.ts'
import { createSheet } from './sheet.ts'

const LAST_MINUTES_S = 300

/** The sheet, for one match after the other. */
export function createDrawing(): (room: MatchRoom) => Table {
  const canvas = byId('sheet', HTMLCanvasElement)
  const sheet = createSheet(canvas)
  let current: { room: MatchRoom; sharing: Sharing } | null = null

  followPointers(canvas, {
    mayDraw: () => current?.room.view.state === 'playing',
    down: (x, y) => current?.sharing.begin(x, y) ?? (() => {}),
  })

  return (room) => {
    const movePen = showNameTags((seat) => nameIn(room.view, seat))
    const sharing = shareSheet({ room, sheet, penMoved: movePen })
    current = { room, sharing }
    return {
      ...sharing,
      render: () => {},
      stateOf: (view) => stateOf(view, room.seat),
      storyOf: (event) =>
        event.type === 'state.changed' && event.state === 'playing' ? 'Go! The sheet is yours.' : null,
      turnOf: () => null,
      verdictOf: () => null,
      signOf: () => null,
      farewellOf: (view) => farewellOf(view, room.seat),
      picture: sheet.picture,
    }
  }
}

function stateOf(view: MatchView, mine: number): string {
  const others = othersIn(view, mine)
  if (others.every(({ status }) => status === 'left')) return 'You are alone'
  const left = view.deadline ? secondsUntil(view.deadline.at) : Number.POSITIVE_INFINITY
  if (left <= LAST_MINUTES_S) return `${asMinutes(left)} left`
  const away = others.filter(({ status }) => status === 'away')
  return away.length > 0 ? `Waiting for ${namesOf(away)}` : 'Draw together'
}

function farewellOf(view: MatchView, mine: number): string {
  const stayed = othersIn(view, mine).filter(({ status }) => status === 'present')
  return stayed.length > 0 ? `${namesOf(stayed)} can draw on.` : 'Nobody else was there.'
}
