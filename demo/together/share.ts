import { byId, setText } from '../dom.ts'

const COPIED_MS = 2_000

/** A link to share: by the device's menu where it has one, else by the clipboard. Returns a function that sets its address. */
export function createShare(to: 'join' | 'party' | 'page'): (address: string) => void {
  const link = byId(`${to}-link`, HTMLInputElement)
  const copy = byId(`${to}-copy`, HTMLButtonElement)
  let timer: ReturnType<typeof setTimeout>

  link.addEventListener('focus', () => link.select())
  copy.addEventListener('click', () => void share())
  // On a phone the link usually goes to another app; with a mouse it is copied.
  const hasMenu = navigator.share !== undefined && matchMedia('(pointer: coarse)').matches
  const label = hasMenu ? 'Share link' : 'Copy link'
  setText(copy, label)

  async function share(): Promise<void> {
    // Closing the menu is no error.
    if (hasMenu) return navigator.share({ title: document.title, url: link.value }).catch(() => {})
    const isCopied = await copied()
    if (!isCopied) link.focus()
    setText(copy, isCopied ? 'Copied' : 'Press Ctrl+C')
    clearTimeout(timer)
    timer = setTimeout(setText, COPIED_MS, copy, label)
  }

  // Without TLS, as on a phone in the same network, the browser offers no clipboard.
  const copied = (): Promise<boolean> =>
    navigator.clipboard?.writeText(link.value).then(
      () => true,
      () => false,
    ) ?? Promise.resolve(false)

  return (address: string): void => {
    if (link.value !== address) link.value = address
  }
}
