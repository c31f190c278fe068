import { byId, setText } from '../dom.ts'
import { type Invitation, readInvitation } from '../invitation.ts'

/** The field for a code or a link. `use` returns why it is refused, or an empty text. */
export function createCodeField(use: (invitation: Invitation) => Promise<string>): void {
  const form = byId('code-form', HTMLFormElement)
  const field = byId('code', HTMLInputElement)
  const fault = byId('code-fault', HTMLParagraphElement)

  field.addEventListener('input', () => say(''))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })

  async function submit(): Promise<void> {
    const invitation = readInvitation(field.value.trim())
    if (!invitation) return field.focus()
    const text = await use(invitation)
    say(text)
    if (text === '') form.reset()
  }

  function say(text: string): void {
    setText(fault, text)
    field.ariaInvalid = text === '' ? null : 'true'
  }
}
