import type { LobbySummary, Muster } from '../../src/client/client.ts'
import { byId, element, setText } from '../dom.ts'
import { createRows } from '../rows.ts'
import { isOurs, titleOf } from './titles.ts'

const MAX_ROWS = 50

/** The live list of public lobbies on the first screen. */
export function createLobbies(join: (lobby: LobbySummary) => void) {
  const status = byId('lobbies-state', HTMLParagraphElement)
  const show = createRows<LobbySummary>(byId('lobbies', HTMLUListElement), ({ id }) => id, newRow)
  let watched: Muster | null = null
  let stop = () => {}

  function newRow(first: LobbySummary) {
    const item = element('li', 'row')
    const text = element('span', 'row-text')
    const about = element('small', '')
    const button = element('button', 'small', 'Join')
    const closed = element('span', 'muted')
    let lobby = first
    button.type = 'button'
    button.addEventListener('click', () => join(lobby))
    const name = element('strong', '')
    text.append(name, about)
    item.append(text, button, closed)

    function update(now: LobbySummary): void {
      lobby = now
      const why = whyClosed(now)
      setText(name, now.name)
      setText(about, aboutOf(now))
      setText(closed, why)
      button.ariaLabel = `Join ${now.name}`
      button.hidden = why !== ''
      closed.hidden = why === ''
    }
    return { item, update }
  }

  function render(all: readonly LobbySummary[]): void {
    const lobbies = all.filter(({ mode }) => isOurs(mode))
    const more = lobbies.length - MAX_ROWS
    show(lobbies.slice(0, MAX_ROWS))
    if (lobbies.length === 0) setText(status, 'None right now. Open one, and everyone sees it here.')
    else setText(status, more > 0 ? `and ${more} more` : '')
  }

  return {
    /** Watches the list only while it is visible. */
    look(muster: Muster): void {
      if (watched === muster) return
      stop()
      watched = muster
      stop = muster.lobbies.watch({}, render)
    },
    lookAway(): void {
      stop()
      stop = () => {}
      watched = null
    },
  }
}

const aboutOf = ({ mode, host, members, capacity, hasPassword }: LobbySummary): string =>
  [`${members} of ${capacity}`, hasPassword ? 'password' : '', titleOf(mode), host.name].filter(Boolean).join(' · ')

function whyClosed({ state, locked, members, capacity }: LobbySummary): string {
  if (state === 'inMatch') return 'Playing'
  if (locked) return 'Locked'
  return members >= capacity ? 'Full' : ''
}
