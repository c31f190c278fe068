import type { LobbySummary } from '../../../protocol/events/lobbies.ts'
import type { LobbyId } from '../../../protocol/ids.ts'
import type { Deliver } from '../../ports.ts'
import type { ListChanges } from './listing.ts'

/** Sends one event about the list to these connections. `more`: another push of the same version follows. */
export type Push = (connections: string[], more: { more?: true }) => void

// So few changes are sent one by one, which takes as many pushes as there are kinds of event and is easier to read.
const MAX_ALONE = 3

/** The pushes that tell these changes. Removals go first, so that a client never shows more lobbies than there are. */
export function pushesOf({ unlisted, listed, changed }: ListChanges, version: number, deliver: Deliver): Push[] {
  const isFew = unlisted.length + listed.length + changed.length <= MAX_ALONE
  const gone = portions(unlisted, isFew).map((lobbyIds): Push => {
    return (connections, more) =>
      deliver({ connections }, 'lobby:unlisted', { lobbyId: lobbyIds[0], lobbyIds, version, ...more })
  })
  const told = (event: 'lobby:listed' | 'lobby:changed', list: LobbySummary[]) =>
    portions(list, isFew).map((lobbies): Push => {
      return (connections, more) => deliver({ connections }, event, { lobby: lobbies[0], lobbies, version, ...more })
    })
  return [...gone, ...told('lobby:listed', listed), ...told('lobby:changed', changed)]
}

/** Each alone, or all together. */
function portions<T extends LobbySummary | LobbyId>(list: T[], areAlone: boolean): [T, ...T[]][] {
  const [first, ...others] = list
  if (first === undefined) return []
  return areAlone ? list.map((one) => [one]) : [[first, ...others]]
}
