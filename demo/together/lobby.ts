import type { LobbyView, Muster, Refusal } from '../../src/client/client.ts'
import { createLobbyScreen } from './lobby-screen.ts'
import type { LobbyWish } from './new-lobby.ts'
import { createPassword } from './password.ts'

/** A lobby by its id or its code. */
type LobbyAddress = { lobbyId: string } | { code: string }
type Reply = { ok: true; lobby: LobbyView } | Refusal

interface LobbyParts {
  muster(): Muster | null
  /** Returns a connection under the typed name, or null. */
  enter(): Promise<Muster | null>
  /** Called when the player entered a lobby by a button of this page. */
  came(): void
  /** Called when the lobby changed or ended; `text` says why it ended. */
  changed(text: string): void
}

/** The player's current lobby, and the requests about it. */
export function createLobby({ muster, enter, came, changed }: LobbyParts) {
  const askPassword = createPassword()
  const screen = createLobbyScreen({
    ready: (ready) => say(muster()?.lobbies.ready({ ready })),
    team: (team) => say(muster()?.lobbies.team({ team })),
    start: () => say(muster()?.lobbies.start()),
    lock: (locked) => say(muster()?.lobbies.update({ locked })),
    promote: (playerId) => say(muster()?.lobbies.promote({ playerId })),
    kick: (playerId) => say(muster()?.lobbies.kick({ playerId })),
  })
  let lobby: LobbyView | null = null

  async function say(asked: Promise<{ ok: true } | Refusal> | undefined): Promise<void> {
    const reply = await asked
    if (reply) screen.say(textOf(reply))
  }

  function set(next: LobbyView | null, text = ''): void {
    lobby = next
    if (next) screen.render(next, muster()?.session.playerId ?? '')
    else screen.close()
    changed(text)
  }

  function gone(lobbyId: string, text: string): void {
    if (lobby?.id === lobbyId) set(null, text)
  }

  function hear(there: Muster): void {
    there.on('lobby:state', (told) => set(told.lobby))
    there.on('lobby:left', ({ lobbyId }) => gone(lobbyId, ''))
    there.on('lobby:kicked', ({ lobbyId }) => gone(lobbyId, 'The host removed you from the lobby.'))
    there.on('lobby:closed', ({ lobbyId }) => gone(lobbyId, 'The lobby was closed because it was idle.'))
  }

  function entered(reply: Reply): string {
    if (!reply.ok) return reply.error.message
    set(reply.lobby)
    came()
    return ''
  }

  async function create({ name, ...wish }: LobbyWish): Promise<string> {
    const entrance = await enter()
    if (!entrance) return ''
    const usual = `${entrance.session.name}’s lobby`
    return entered(await entrance.lobbies.create({ ...wish, name: name || usual }))
  }

  async function quick(mode: string): Promise<string> {
    const entrance = await enter()
    return entrance ? entered(await entrance.lobbies.quick({ mode })) : ''
  }

  /** Joins, and asks for a password if needed. Resolves with the reason of a refusal, or an empty text. */
  async function join(address: LobbyAddress, password?: string): Promise<string> {
    const entrance = await enter()
    if (!entrance) return ''
    const reply = await entrance.lobbies.join({ ...address, ...(password !== undefined && { password }) })
    if (reply.ok || reply.error.code !== 'WRONG_PASSWORD' || password !== undefined) return entered(reply)
    askPassword((typed) => join(address, typed))
    return ''
  }

  async function leave(): Promise<void> {
    const left = lobby
    const reply = await muster()?.lobbies.leave()
    if (reply && !reply.ok && reply.error.code !== 'NOT_IN_LOBBY') screen.say(reply.error.message)
    else if (left) gone(left.id, '')
  }

  return { view: () => lobby, set, hear, create, quick, join, leave, open: screen.open }
}

const textOf = (reply: { ok: true } | Refusal): string => (reply.ok ? '' : reply.error.message)
