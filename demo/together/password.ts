import { byId, setText } from '../dom.ts'
import { closeDialog } from '../screens/show.ts'

/** Asks for the password of a lobby, again until it is right or the player gives up. */
export function createPassword() {
  const dialog = byId('password', HTMLDialogElement)
  const form = byId('password-form', HTMLFormElement)
  const field = byId('password-text', HTMLInputElement)
  const fault = byId('password-fault', HTMLParagraphElement)
  let attempt: ((password: string) => Promise<string>) | null = null

  byId('password-cancel', HTMLButtonElement).addEventListener('click', () => dialog.close())
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })

  async function submit(): Promise<void> {
    const text = (await attempt?.(field.value)) ?? ''
    setText(fault, text)
    field.select()
    if (text === '') closeDialog(dialog)
  }

  /** `trying` returns why a password was refused, or an empty text. */
  return function ask(trying: (password: string) => Promise<string>): void {
    attempt = trying
    form.reset()
    setText(fault, '')
    dialog.showModal()
  }
}
