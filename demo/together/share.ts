import { byId, setText } from '../dom.ts'

const COPIED_MS = 2_000

/** A link to pass on: by the device's own menu where it has one, else by the clipboard. Returns how to set its address. */
export function createShare(to: 'join' | 'party' | 'page'): (address: string) => void {
  const link = byId(`${to}-link`, HTMLInputElement)
  const copy = byId(`${to}-copy`, HTMLButtonElement)
  let timer: ReturnType<typeof setTimeout>

  link.addEventListener('focus', () => link.select())
  copy.addEventListener('click', () => void share())
  // A mouse gets along with a link; on a phone it is to go to another app.
  const hasMenu = navigator.share !== undefined && matchMedia('(pointer: coarse)').matches
  const label = hasMenu ? 'Share link' : 'Copy link'
  setText(copy, label)

  async function share(): Promise<void> {
    // Whoever closes the menu has changed their mind, and no more.
    if (hasMenu) return navigator.share({ title: document.title, url: link.value }).catch(() => {})
    const isCopied = await copied()
    if (!isCopied) link.focus()
    setText(copy, isCopied ? 'Copied' : 'Press Ctrl+C')
    clearTimeout(timer)
    timer = setTimeout(setText, COPIED_MS, copy, label)
  }

  // Without TLS, as on a phone in the same network, the browser has no clipboard for us.
  const copied = (): Promise<boolean> =>
    navigator.clipboard?.writeText(link.value).then(
      () => true,
      () => false,
    ) ?? Promise.resolve(false)

  return (address: string): void => {
    if (link.value !== address) link.value = address
  }
}
