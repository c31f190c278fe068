import { byId, setText } from '../dom.ts'
import { device } from '../memory.ts'
import { show } from './show.ts'

export interface Wish {
  name: string
  mode: string
}
/** The player's party, as far as a search needs it. */
export interface Group {
  leads: boolean
  leader: string
  size: number
}

/** The first screen: a name, a mode, and Play. */
export function createWelcome(play: () => void) {
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
  let isBusy = false
  let group: Group | null = null

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (button.ariaDisabled !== 'true') play()
  })

  /** Reads and stores the typed name and chosen mode, and clears the previous notice. */
  function wish(): Wish {
    const wished = { name: name.value.trim(), mode: `${new FormData(form).get('mode')}` }
    device.keep('name', wished.name)
    device.keep('mode', wished.mode)
    setNameFault('')
    setText(notice, '')
    return wished
  }

  function setNameFault(text: string): void {
    setText(nameFault, text)
    name.ariaInvalid = text === '' ? null : 'true'
  }

  function setBusy(busy: boolean): void {
    isBusy = busy
    render()
  }

  function render(): void {
    const waits = group !== null && !group.leads
    button.ariaDisabled = isBusy || waits ? 'true' : null
    setText(button, isBusy ? 'Connecting…' : labelFor(group))
  }

  return {
    wish,
    setGroup(next: Group | null): void {
      group = next
      render()
    },
    /** Shows the screen with a notice, if any. */
    open(text = ''): void {
      setBusy(false)
      setText(notice, text)
      show('welcome')
    },
    setBusy,
    setName(text: string): void {
      name.value = text
    },
    /** Shows the server's name of a guest who typed none. */
    setGuestName(text: string): void {
      name.placeholder = text
    },
    refuseName(text: string): void {
      setBusy(false)
      setNameFault(text)
      show('welcome')
      name.focus()
    },
  }
}

function labelFor(group: Group | null): string {
  if (!group || group.size === 1) return 'Play'
  return group.leads ? `Play, all ${group.size} of you` : `${group.leader} starts the search`
}
