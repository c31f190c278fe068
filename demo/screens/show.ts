import { byId } from '../dom.ts'

const titles = {
  arriving: 'Muster',
  welcome: 'Muster – draw together',
  lobby: 'Lobby – Muster',
  searching: 'Searching – Muster',
  match: 'Match – Muster',
  end: 'The end – Muster',
}
export type Screen = keyof typeof titles

let shown: Screen = 'arriving'

/** Shows one screen and moves the focus to its heading, where a screen reader begins to read. */
export function show(screen: Screen): void {
  if (screen === shown) return
  for (const name of Object.keys(titles)) byId(name, HTMLElement).hidden = name !== screen
  document.title = titles[screen]
  document.body.dataset.screen = screen
  const isFirst = shown === 'arriving'
  shown = screen
  scrollTo(0, 0)
  // A page that has just loaded keeps the browser's focus.
  if (!isFirst) focusHeading()
}

function focusHeading(): void {
  byId(shown, HTMLElement).querySelector<HTMLElement>('h1')?.focus()
}

/** Shows news in the tab's title, for players in another tab; an empty text removes it. */
export function callInTitle(text: string): void {
  const title = text === '' ? titles[shown] : `${text} – Muster`
  if (document.title !== title) document.title = title
}

/** Closes a dialog. If it led to another screen, the focus moves there. */
export function closeDialog(dialog: HTMLDialogElement): void {
  dialog.close()
  const focused = document.activeElement
  if (focused === document.body || !focused?.checkVisibility()) focusHeading()
}
