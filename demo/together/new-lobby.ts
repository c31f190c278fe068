import { byId, setText } from '../dom.ts'
import { closeDialog } from '../screens/show.ts'

/** The settings of a new lobby. */
export interface LobbyWish {
  mode: string
  /** Empty for the default name. */
  name: string
  visibility: 'public' | 'private'
  password?: string
}

/** The form for a new lobby. `create` returns why it is refused, or an empty text. */
export function createNewLobby(create: (wish: LobbyWish) => Promise<string>) {
  const dialog = byId('new-lobby', HTMLDialogElement)
  const form = byId('new-lobby-form', HTMLFormElement)
  const mode = byId('new-lobby-mode', HTMLSelectElement)
  const fault = byId('new-lobby-fault', HTMLParagraphElement)

  byId('new-lobby-cancel', HTMLButtonElement).addEventListener('click', () => dialog.close())
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })

  async function submit(): Promise<void> {
    const given = new FormData(form)
    const password = `${given.get('password')}`
    const text = await create({
      mode: mode.value,
      name: `${given.get('name')}`.trim(),
      visibility: given.has('private') ? 'private' : 'public',
      ...(password && { password }),
    })
    setText(fault, text)
    if (text === '') closeDialog(dialog)
  }

  return {
    open(chosen: string): void {
      form.reset()
      setText(fault, '')
      mode.value = chosen
      dialog.showModal()
    },
  }
}
