import { byId, setText } from '../dom.ts'
import { linkTo } from '../invitation.ts'

const COPIED_MS = 2_000

/** A link to pass on. */
export function createShare(to: 'join' | 'party') {
  const link = byId(`${to}-link`, HTMLInputElement)
  const copy = byId(`${to}-copy`, HTMLButtonElement)
  let timer: ReturnType<typeof setTimeout>

  link.addEventListener('focus', () => link.select())
  copy.addEventListener('click', () => void share())

  async function share(): Promise<void> {
    const isCopied = await copied()
    if (!isCopied) link.focus()
    setText(copy, isCopied ? 'Copied' : 'Press Ctrl+C')
    clearTimeout(timer)
    timer = setTimeout(setText, COPIED_MS, copy, 'Copy link')
  }

  // Without TLS, as on a phone in the same network, the browser has no clipboard for us.
  const copied = (): Promise<boolean> =>
    navigator.clipboard?.writeText(link.value).then(
      () => true,
      () => false,
    ) ?? Promise.resolve(false)

  return (code: string): void => {
    const text = linkTo(to, code)
    if (link.value !== text) link.value = text
  }
}
