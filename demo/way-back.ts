import { byId, setText } from './dom.ts'
import { device, type Kept, tab } from './memory.ts'
import { isPlayedElsewhere } from './twin-tab.ts'

// About the grace of a seat.
const RECENT_MS = 60_000

/** Stores the player when this tab is closed during a search, lobby or match. */
export function rememberWayBack(hasPlace: () => boolean): void {
  addEventListener('pagehide', () => {
    const kept = tab.recall()
    if (kept && hasPlace()) device.keepWay({ ...kept, leftAt: Date.now() })
  })
}

/** Offers a player who closed a tab a moment ago to continue there. */
export async function offerWayBack(goBack: (player: Kept) => void): Promise<void> {
  const panel = byId('way-back', HTMLDivElement)
  const way = device.recallWay()
  const isRecent = way !== null && Date.now() - way.leftAt < RECENT_MS
  if (!way || !isRecent || (await isPlayedElsewhere(way.playerId))) return
  setText(byId('way-back-text', HTMLParagraphElement), 'You closed a tab a moment ago. Continue there?')
  panel.hidden = false
  const done = () => {
    panel.hidden = true
    device.forgetWay()
  }
  byId('start-anew', HTMLButtonElement).onclick = done
  byId('go-back', HTMLButtonElement).onclick = () => {
    done()
    goBack(way)
  }
}
