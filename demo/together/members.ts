import type { LobbyView } from '../../src/client/client.ts'
import { secondsUntil } from '../clock.ts'
import { byId, element, setText } from '../dom.ts'
import { createRows } from '../rows.ts'
import { initialOf } from '../view.ts'

type Member = LobbyView['members'][number]

interface MemberButtons {
  promote(playerId: string): void
  kick(playerId: string): void
}

/** The members of the lobby: team, readiness, and the host's buttons. */
export function createMembers(buttons: MemberButtons) {
  const show = createRows<Member>(byId('members', HTMLUListElement), ({ playerId }) => playerId, newRow)
  let lobby: LobbyView
  let me = ''

  function newRow({ playerId, name }: Member) {
    const item = element('li', 'person')
    const place = element('span', 'place', initialOf(name))
    const text = element('span', 'person-text')
    const who = element('span', 'person-who')
    const host = element('span', 'you', 'host')
    const status = element('span', 'person-status')
    const promote = newButton('Make host', `Make ${name} the host`, () => buttons.promote(playerId))
    const kick = newButton('Kick', `Kick ${name}`, () => buttons.kick(playerId))
    place.ariaHidden = 'true'
    const shown = element('span', 'person-name')
    who.append(shown)
    if (playerId === me) who.append(element('span', 'you', 'you'))
    who.append(host)
    text.append(who, status)
    item.append(place, text, promote, kick)

    function update(member: Member): void {
      const isHost = playerId === lobby.host
      const mayTouch = me === lobby.host && playerId !== me
      item.dataset.status = member.awayUntil === null ? 'present' : 'away'
      item.toggleAttribute('data-turn', member.ready || isHost)
      host.hidden = !isHost
      setText(shown, member.name)
      promote.hidden = kick.hidden = !mayTouch
      setText(status, [teamOf(member), statusOf(member, isHost)].filter(Boolean).join(' · '))
    }
    return { item, update }
  }

  return function render(now: LobbyView, mine: string): void {
    lobby = now
    me = mine
    show(now.members)
  }
}

function newButton(text: string, label: string, press: () => void): HTMLButtonElement {
  const button = element('button', 'small', text)
  button.type = 'button'
  button.ariaLabel = label
  button.addEventListener('click', press)
  return button
}

const teamOf = ({ team }: Member): string => (team === null ? '' : `Team ${team + 1}`)

function statusOf({ ready, awayUntil }: Member, isHost: boolean): string {
  if (awayUntil !== null) return secondsUntil(awayUntil) > 0 ? `away · ${secondsUntil(awayUntil)} s` : 'away'
  if (isHost) return ''
  return ready ? 'ready' : 'not ready'
}
