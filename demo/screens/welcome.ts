import { byId, setText } from '../dom.ts'
import { device } from '../memory.ts'
import { show } from './show.ts'

export interface Wish {
  name: string
  mode: string
}

/** The first screen: a name, a mode, and off. */
export function createWelcome(play: (wish: Wish) => void) {
  const form = byId('play-form', HTMLFormElement)
  const name = byId('name', HTMLInputElement)
  const nameFault = byId('name-fault', HTMLParagraphElement)
  const notice = byId('notice', HTMLParagraphElement)
  const button = byId('play', HTMLButtonElement)

  name.value = device.recall('name') ?? ''
  for (const choice of form.querySelectorAll<HTMLInputElement>('input[name=mode]')) {
    choice.checked ||= choice.value === device.recall('mode')
  }
  name.addEventListener('input', () => setNameFault(''))

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (button.ariaDisabled === 'true') return
    const wish = { name: name.value.trim(), mode: `${new FormData(form).get('mode')}` }
    device.keep('name', wish.name)
    device.keep('mode', wish.mode)
    setNameFault('')
    setText(notice, '')
    play(wish)
  })

  function setNameFault(text: string): void {
    setText(nameFault, text)
    name.ariaInvalid = text === '' ? null : 'true'
  }

  function setBusy(isBusy: boolean): void {
    button.ariaDisabled = isBusy ? 'true' : null
    setText(button, isBusy ? 'Connecting…' : 'Play')
  }

  return {
    /** With what the player should know, if anything. */
    open(text = ''): void {
      setBusy(false)
      setText(notice, text)
      show('welcome')
    },
    setBusy,
    setName(text: string): void {
      name.value = text
    },
    refuseName(text: string): void {
      setBusy(false)
      setNameFault(text)
      show('welcome')
      name.focus()
    },
  }
}
