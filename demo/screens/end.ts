import { byId, setText } from '../dom.ts'
import type { Ending } from '../table.ts'
import { show } from './show.ts'

interface Memento extends Ending {
  /** The sheet as it was left, or null when nobody drew. */
  picture: string | null
}

/** The last screen: the reason of the end, the drawing, and the next steps. */
export function createEnd(buttons: { onwards(): void; change(): void }) {
  const frame = byId('keepsake', HTMLElement)
  const image = byId('picture', HTMLImageElement)
  const save = byId('save', HTMLAnchorElement)
  const onwards = byId('play-again', HTMLButtonElement)
  const change = byId('change', HTMLButtonElement)
  onwards.addEventListener('click', buttons.onwards)
  change.addEventListener('click', buttons.change)

  return {
    open({ title, text, picture }: Memento): void {
      setText(byId('end-title', HTMLHeadingElement), title)
      setText(byId('end-text', HTMLParagraphElement), text)
      frame.hidden = picture === null
      if (picture !== null) image.src = save.href = picture
      show('end')
    },
    /** Names the buttons for a player in or outside a lobby. */
    setInLobby(isInLobby: boolean): void {
      setText(onwards, isInLobby ? 'Back to the lobby' : 'Play again')
      setText(change, isInLobby ? 'Leave the lobby' : 'Change name or mode')
    },
  }
}
