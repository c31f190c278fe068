import { byId, setText } from '../dom.ts'
import { device } from '../memory.ts'
import { closeDialog } from './show.ts'

/** Asks an invited guest for a name; `enter` returns why it is refused, or an empty text. */
export function askWho(enter: (name: string) => Promise<string>): Promise<void> {
  const dialog = byId('who', HTMLDialogElement)
  const form = byId('who-form', HTMLFormElement)
  const field = byId('who-name', HTMLInputElement)
  const fault = byId('who-fault', HTMLParagraphElement)
  dialog.showModal()

  return new Promise((resolve) => {
    // Without a name the server generates one.
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      void submit('')
    })
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void submit(field.value.trim())
    })

    async function submit(name: string): Promise<void> {
      const text = await enter(name)
      setText(fault, text)
      field.ariaInvalid = text === '' ? null : 'true'
      if (text !== '') return field.focus()
      device.keep('name', name)
      closeDialog(dialog)
      resolve()
    }
  })
}
