import type { LobbyId } from '../../protocol/ids.ts'
import { lobbyName } from '../../protocol/names.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { PlayerRateLimit } from '../../util/player-rate-limit.ts'
import type { createGuessLimit, Guesser } from '../guess-limit.ts'
import { newCode, typedCode } from '../invite-codes.ts'
import type { CommandQueue } from './command-queue.ts'
import type { LobbyCommit, Step } from './commit.ts'
import type { Openings } from './list/openings.ts'
import type { Asked, InLobby, LobbiesParts } from './ports.ts'
import { createQuickJoin } from './quick-join.ts'
import type { LobbyRegistry } from './registry.ts'
import { type CustomLobby, isRefusal, openCustomLobby, type Player } from './state/custom-lobby.ts'
import { enter, type Key, leave, unknown } from './state/membership.ts'
import { isTooLarge } from './state/settings.ts'
import { viewOf } from './state/views.ts'

const MAX_LOBBIES = 20_000

interface JoiningParts extends Pick<LobbiesParts, 'modes' | 'passwords' | 'isBlocked' | 'clock' | 'newId'> {
  registry: LobbyRegistry
  lobbyCommit: LobbyCommit
  commandQueue: CommandQueue
  openings: Openings
  guessLimit: ReturnType<typeof createGuessLimit>
  /** Told after a wrong password of the lobby. */
  guessed: (lobby: CustomLobby) => void
  /** How often a player may have a password sealed or tried, which costs much. */
  hashing: PlayerRateLimit
  /** To be said of a player who may have gone while they came in. */
  departed: (playerId: Player['id']) => void
  people: LobbiesParts['people']
}

/** The ways into a lobby. */
export function createJoining(parts: JoiningParts) {
  const {
    modes,
    passwords,
    isBlocked,
    clock,
    newId,
    registry,
    lobbyCommit,
    commandQueue,
    guessLimit,
    guessed,
    hashing,
  } = parts
  const { people, departed } = parts

  async function create(player: Player, asked: Asked<'lobby:create'>): Promise<InLobby | Refusal> {
    const name = lobbyName(asked.name)
    if (name === null) return refuse('NAME_INVALID')
    if (isTooLarge(asked.settings)) return refuse('TOO_LARGE', { because: 'settings weigh at most 4 KB' })
    return commandQueue.answer(() =>
      commandQueue.ofPlayer(player.id, [], (own) => open(player, own, { ...asked, name })),
    )
  }

  async function open(
    player: Player,
    own: CustomLobby | undefined,
    asked: Asked<'lobby:create'>,
    id = newId() as LobbyId,
  ): Promise<InLobby | Refusal> {
    const mode = modes.get(asked.mode)
    if (!mode) return refuse('UNKNOWN_MODE')
    if (registry.size() >= MAX_LOBBIES) return refuse('OVERLOADED')
    const tooFast = asked.password === undefined ? null : hashing.take(player.id)
    if (tooFast) return tooFast
    const seal = asked.password === undefined ? null : await passwords.hashPassword(asked.password)
    const about = { id, code: newCode(newId), mode, wish: asked, seal, host: player }
    const lobby = openCustomLobby({ ...about, at: clock.now() })
    return isRefusal(lobby) ? lobby : settle(player, own, { before: null, after: lobby })
  }

  async function join(
    player: Player & { address: string },
    { lobbyId, code, password }: Asked<'lobby:join'>,
  ): Promise<InLobby | Refusal> {
    const key: Key = lobbyId !== undefined ? { lobbyId } : { code: typedCode(code ?? '') }
    return commandQueue.answer(async () => {
      // One guess after the other, so that no more of them are looked at than may be wrong.
      const found = await commandQueue.alone(`guess:${player.id}`, () => find(player, key, password))
      return isRefusal(found) ? found : admit(player, found)
    })
  }

  interface Found {
    id: LobbyId
    key: Key
    opened: string | null
  }
  async function find(
    player: Player & { address: string },
    key: Key,
    password: string | undefined,
  ): Promise<Found | Refusal> {
    const lobby = 'code' in key ? registry.ofCode(key.code) : registry.get(key.lobbyId)
    if (lobby && lobby === registry.ofPlayer(player.id)) return { id: lobby.id, key, opened: null }
    const guesser = { playerId: player.id, address: player.address }
    const locked = 'code' in key ? guessLimit.refusalFor(guesser) : null
    if (locked) return locked
    if (!lobby || isBlocked(lobby.host, player.id)) {
      if ('code' in key) guessLimit.wasWrong(guesser)
      return unknown(key)
    }
    const { id, seal } = lobby
    // Whoever may not come in anyway has nothing to guess at.
    const visitor = { player, key, opened: seal, isBlocked: false, at: clock.now() }
    const refusal = enter(lobby, visitor)
    if (isRefusal(refusal)) return refusal
    if (seal === null) return { id, key, opened: null }
    if (password === undefined) return refuse('WRONG_PASSWORD', { says: 'This lobby wants a password.' })
    return tryPassword({ ...guesser, target: id }, password, { id, key, opened: seal })
  }

  async function tryPassword(guesser: Guesser, password: string, found: Found & { opened: string }) {
    const refusal = guessLimit.refusalFor(guesser) ?? hashing.take(guesser.playerId)
    if (refusal) return refusal
    guessLimit.wasWrong(guesser)
    if (await passwords.verifyPassword(found.opened, password)) {
      guessLimit.wasRight(guesser)
      return found
    }
    const lobby = registry.get(found.id)
    if (lobby) guessed(lobby)
    return refuse('WRONG_PASSWORD')
  }

  const admit = (player: Player, { id, key, opened }: Found): Promise<InLobby | Refusal> =>
    commandQueue.ofPlayer(player.id, [id], async (own) => {
      const lobby = registry.get(id)
      if (!lobby) return unknown(key)
      const visitor = { player, key, opened, isBlocked: isBlocked(lobby.host, player.id), at: clock.now() }
      const next = enter(lobby, visitor)
      return isRefusal(next) ? next : settle(player, own, { before: lobby, after: next })
    })

  /** Into the one and out of the other, both or neither. */
  async function settle(player: Player, own: CustomLobby | undefined, step: Step): Promise<InLobby | Refusal> {
    const { after } = step
    if (!after) return refuse('NOT_FOUND')
    const isMove = own && own.id !== after.id
    await lobbyCommit.commit(...(isMove ? [{ before: own, after: leave(own, player.id, clock.now()) }] : []), step)
    if (!people.isOnline(player.id)) departed(player.id)
    return accept({ lobby: viewOf(after) })
  }

  return { create, join, quick: createQuickJoin({ ...parts, open, settle }) }
}
