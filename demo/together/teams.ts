import type { LobbyView } from '../../src/client/client.ts'
import { byId, element, setText } from '../dom.ts'
import { createRows } from '../rows.ts'

interface Team {
  team: number
  members: number
  size: number
  isMine: boolean
}

/** The buttons to change the team, in modes with teams. */
export function createTeams(move: (team: number) => void) {
  const group = byId('teams', HTMLFieldSetElement)
  const show = createRows<Team>(byId('team-buttons', HTMLDivElement), ({ team }) => `${team}`, newButton)

  function newButton({ team }: Team) {
    const item = element('button', 'small')
    let isOpen = false
    item.type = 'button'
    item.addEventListener('click', () => isOpen && move(team))
    function update({ members, size, isMine }: Team): void {
      isOpen = !isMine && members < size
      item.ariaPressed = `${isMine}`
      item.ariaDisabled = isMine || isOpen ? null : 'true'
      setText(item, `Team ${team + 1} · ${members} of ${size}`)
    }
    return { item, update }
  }

  return function render({ teams, members }: LobbyView, me: string): void {
    group.hidden = teams === null
    const mine = members.find(({ playerId }) => playerId === me)?.team
    const countOf = (team: number) => members.filter((member) => member.team === team).length
    show(
      Array.from({ length: teams?.count ?? 0 }, (_, team) => ({
        team,
        members: countOf(team),
        size: teams?.size ?? 0,
        isMine: team === mine,
      })),
    )
  }
}
