import type { LobbyView, Muster, Refusal } from '../../src/client/client.ts'
import { createLobbyScreen } from './lobby-screen.ts'
import type { LobbyWish } from './new-lobby.ts'
import { createPassword } from './password.ts'

/** Which lobby, and how one got to know of it. */
type Door = { lobbyId: string } | { code: string }
type Reply = { ok: true; lobby: LobbyView } | Refusal

interface LobbyParts {
  muster(): Muster | null
  /** Asked by a player who is elsewhere: a connection under the name that is typed, or null when there is none. */
  enter(): Promise<Muster | null>
  /** I have gone into a lobby by a button of this page. */
  came(): void
  /** The lobby is another one, looks different, or there is none any more; then `text` says why, if that is news. */
  changed(text: string): void
}

/** The lobby that the player is in, if any: everything that one can do about it. */
export function createLobby({ muster, enter, came, changed }: LobbyParts) {
  const askPassword = createPassword()
  const screen = createLobbyScreen({
    ready: (ready) => say(muster()?.lobby.ask('lobby:ready', { ready })),
    team: (team) => say(muster()?.lobby.ask('lobby:team', { team })),
    start: () => say(muster()?.lobby.ask('lobby:start', {})),
    lock: (locked) => say(muster()?.lobby.ask('lobby:update', { locked })),
    promote: (playerId) => say(muster()?.lobby.ask('lobby:promote', { playerId })),
    kick: (playerId) => say(muster()?.lobby.ask('lobby:kick', { playerId })),
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

  function hear({ lobby: { socket } }: Muster): void {
    socket.on('lobby:state', (told) => set(told.lobby))
    socket.on('lobby:left', ({ lobbyId }) => gone(lobbyId, ''))
    socket.on('lobby:kicked', ({ lobbyId }) => gone(lobbyId, 'The host removed you from the lobby.'))
    socket.on('lobby:closed', ({ lobbyId }) => gone(lobbyId, 'The lobby was closed because it was idle.'))
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
    return entered(await entrance.lobby.ask('lobby:create', { ...wish, name: name || usual }))
  }

  async function quick(mode: string): Promise<string> {
    const entrance = await enter()
    return entrance ? entered(await entrance.lobby.ask('lobby:quick', { mode })) : ''
  }

  /** Joins, and asks for the password where one is wanted. Resolves with why not, or an empty text. */
  async function join(door: Door, password?: string): Promise<string> {
    const entrance = await enter()
    if (!entrance) return ''
    const reply = await entrance.lobby.ask('lobby:join', { ...door, ...(password !== undefined && { password }) })
    if (reply.ok || reply.error.code !== 'WRONG_PASSWORD' || password !== undefined) return entered(reply)
    askPassword((typed) => join(door, typed))
    return ''
  }

  async function leave(): Promise<void> {
    const left = lobby
    const reply = await muster()?.lobby.ask('lobby:leave', {})
    if (reply && !reply.ok && reply.error.code !== 'NOT_IN_LOBBY') screen.say(reply.error.message)
    else if (left) gone(left.id, '')
  }

  return { view: () => lobby, set, hear, create, quick, join, leave, open: screen.open }
}

const textOf = (reply: { ok: true } | Refusal): string => (reply.ok ? '' : reply.error.message)
