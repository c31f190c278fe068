import { byId, setText } from '../dom.ts'
import type { Ending } from '../table.ts'
import { show } from './show.ts'

interface Memento extends Ending {
  /** The sheet as it was left, or null when nobody drew. */
  picture: string | null
}

/** The last screen: why it ended, what was drawn, and what next. */
export function createEnd(buttons: { playAgain(): void; change(): void }) {
  const frame = byId('keepsake', HTMLElement)
  const image = byId('picture', HTMLImageElement)
  const save = byId('save', HTMLAnchorElement)
  byId('play-again', HTMLButtonElement).addEventListener('click', buttons.playAgain)
  byId('change', HTMLButtonElement).addEventListener('click', buttons.change)

  return {
    open({ title, text, picture }: Memento): void {
      setText(byId('end-title', HTMLHeadingElement), title)
      setText(byId('end-text', HTMLParagraphElement), text)
      frame.hidden = picture === null
      if (picture !== null) image.src = save.href = picture
      show('end')
    },
  }
}
