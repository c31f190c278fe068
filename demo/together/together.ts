import type { LobbyView, Muster, Session } from '../../src/client/client.ts'
import { createChat } from '../chat/chat.ts'
import { byId, setText } from '../dom.ts'
import type { Invitation } from '../invitation.ts'
import type { Group } from '../screens/welcome.ts'
import { createCodeField } from './code.ts'
import { createLobbies } from './lobbies.ts'
import { createLobby } from './lobby.ts'
import { createNewLobby } from './new-lobby.ts'
import { createParty } from './party.ts'

interface TogetherParts {
  muster(): Muster | null
  /** Returns a connection under the typed name, or null. */
  enter(): Promise<Muster | null>
  /** The chosen mode. */
  mode(): string
  /** Called when the player entered a lobby by a button or an invitation. */
  cameIntoLobby(): void
  /** Called when the lobby or the party has changed; `text` says why, if it is news. */
  moved(text: string): void
}

export type Together = ReturnType<typeof createTogether>

/** Lobbies, the party and chat around a match. */
export function createTogether({ muster, enter, mode, cameIntoLobby, moved }: TogetherParts) {
  const chat = createChat(muster)
  const lobby = createLobby({ muster, enter, came: cameIntoLobby, changed })
  const party = createParty({ muster, enter, changed: () => changed() })
  const lobbies = createLobbies(({ id }) => void say(lobby.join({ lobbyId: id })))
  const newLobby = createNewLobby(lobby.create)
  const fault = byId('lobbies-fault', HTMLParagraphElement)
  let matchId: string | null = null

  byId('new', HTMLButtonElement).addEventListener('click', () => newLobby.open(mode()))
  byId('quick', HTMLButtonElement).addEventListener('click', () => void say(lobby.quick(mode())))
  createCodeField(accept)

  async function say(asked: Promise<string>): Promise<void> {
    setText(fault, '')
    setText(fault, await asked)
  }

  function changed(text = ''): void {
    chat.enter({ lobby: lobby.view()?.id, party: party.view()?.id, match: matchId ?? undefined })
    moved(text)
  }

  /** Follows an invitation; resolves with the reason of a refusal, or an empty text. */
  async function accept({ to, code }: Invitation): Promise<string> {
    if (to === 'party') return party.join(code)
    const text = await lobby.join({ code })
    if (to === 'lobby' || text === '') return text
    return party.join(code)
  }

  function group(): Group | null {
    const mine = party.view()
    const leader = mine?.members.find(({ playerId }) => playerId === mine.leaderId)
    if (!mine || !leader) return null
    const leads = mine.leaderId === muster()?.session.playerId
    return { leads, leader: leader.name, size: mine.members.length }
  }

  function resume(resumed: Pick<Session['resumed'], 'lobby' | 'party'>): void {
    lobby.set(resumed.lobby ?? null)
    party.set(resumed.party ?? null)
  }

  return {
    lobby: (): LobbyView | null => lobby.view(),
    group,
    accept,
    resume,
    forget: () => resume({}),
    hear(there: Muster): void {
      lobby.hear(there)
      party.hear(there)
      chat.hear(there)
    },
    catchUp: chat.catchUp,
    leaveLobby: lobby.leave,
    openLobby(text: string): void {
      lobby.open(text)
      chat.suggest()
    },
    setMatch(id: string | null): void {
      if (matchId === id) return
      matchId = id
      changed()
    },
    /** Watches the list while it is visible. */
    look(): void {
      const there = muster()
      setText(fault, '')
      if (there) lobbies.look(there)
    },
    lookAway: lobbies.lookAway,
  }
}
