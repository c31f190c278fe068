import type { LobbyId } from '../../../protocol/ids.ts'
import { lobbyName } from '../../../protocol/names.ts'
import { accept, type Refusal, refuse } from '../../../protocol/reply.ts'
import { newCode, typedCode } from '../../invite-codes.ts'
import type { CommandQueue } from '../command-queue.ts'
import type { LobbyCommit, Step } from '../commit.ts'
import type { Asked, InLobby, LobbiesParts } from '../ports.ts'
import { type CustomLobby, isRefusal, openCustomLobby, type Player } from '../state/custom-lobby.ts'
import { enter, type Key, leave, unknown } from '../state/membership.ts'
import { refusalOfSettings } from '../state/settings.ts'
import { viewOf } from '../state/views.ts'
import { createFinding, type FindingParts, type Found } from './finding.ts'
import type { Openings } from './openings.ts'
import { createQuickJoin } from './quick-join.ts'

const MAX_LOBBIES = 20_000

interface JoiningParts extends FindingParts, Pick<LobbiesParts, 'modes' | 'newId'> {
  lobbyCommit: LobbyCommit
  commandQueue: CommandQueue
  openings: Openings
  /** To be called for a player who may have gone while they came in. */
  departed: (playerId: Player['id']) => void
}

/** The ways into a lobby. */
export function createJoining(parts: JoiningParts) {
  const { modes, passwords, isBlocked, people, clock, newId, registry, lobbyCommit, commandQueue, hashing } = parts
  const find = createFinding(parts)

  async function create(player: Player, asked: Asked<'lobby:create'>): Promise<InLobby | Refusal> {
    const name = lobbyName(asked.name)
    if (name === null) return refuse('NAME_INVALID')
    const refusal = refusalOfSettings(asked.settings)
    if (refusal) return refusal
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
      // One guess at a time, so that a player cannot try more guesses at once than may be wrong.
      const found = await commandQueue.alone(`guess:${player.id}`, () => find(player, key, password))
      return isRefusal(found) ? found : admit(player, found)
    })
  }

  const admit = (player: Player, { id, key, opened }: Found): Promise<InLobby | Refusal> =>
    commandQueue.ofPlayer(player.id, [id], async (own) => {
      const lobby = registry.get(id)
      if (!lobby) return unknown(key)
      const entrant = { player, key, opened, isBlocked: isBlocked(lobby.host, player.id), at: clock.now() }
      const next = enter(lobby, entrant)
      return isRefusal(next) ? next : settle(player, own, { before: lobby, after: next })
    })

  /** Commits the step, and takes the player out of their former lobby: both or neither. */
  async function settle(player: Player, own: CustomLobby | undefined, step: Step): Promise<InLobby | Refusal> {
    const { after } = step
    if (!after) return refuse('NOT_FOUND')
    const isMove = own && own.id !== after.id
    await lobbyCommit.commit(...(isMove ? [{ before: own, after: leave(own, player.id, clock.now()) }] : []), step)
    if (!people.isOnline(player.id)) parts.departed(player.id)
    return accept({ lobby: viewOf(after) })
  }

  return { create, join, quick: createQuickJoin({ ...parts, open, settle }) }
}
