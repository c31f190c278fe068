import { byId, setText } from './dom.ts'
import { device, type Kept, tab } from './memory.ts'
import { isPlayedElsewhere } from './twin-tab.ts'

// A seat waits about as long; what is later is no accident.
const RECENT_MS = 60_000

/** Remembers, when this tab is closed while there is something to come back to, who was here. */
export function rememberWayBack(hasPlace: () => boolean): void {
  addEventListener('pagehide', () => {
    const kept = tab.recall()
    if (kept && hasPlace()) device.keepWay({ ...kept, leftAt: Date.now() })
  })
}

/** Offers whoever closed a tab a moment ago, by mistake or not, to go on there. */
export async function offerWayBack(goBack: (player: Kept) => void): Promise<void> {
  const panel = byId('way-back', HTMLDivElement)
  const way = device.recallWay()
  const isRecent = way !== null && Date.now() - way.leftAt < RECENT_MS
  if (!way || !isRecent || (await isPlayedElsewhere(way.playerId))) return
  setText(byId('way-back-text', HTMLParagraphElement), 'You were in the middle of something a moment ago.')
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
