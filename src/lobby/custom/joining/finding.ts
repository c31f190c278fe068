import type { PlayerId } from '../../../protocol/ids.ts'
import { type Refusal, refuse } from '../../../protocol/reply.ts'
import type { RateLimit } from '../../../util/rate-limit.ts'
import type { Guesser, GuessLimit } from '../../guess-limit.ts'
import type { LobbiesParts } from '../ports.ts'
import type { LobbyRegistry } from '../registry.ts'
import { type CustomLobby, isRefusal, type Player } from '../state/custom-lobby.ts'
import { enter, type Key, unknown } from '../state/membership.ts'

// After every tenth wrong password the host is told.
const TOLD_EVERY = 10

export interface FindingParts extends Pick<LobbiesParts, 'passwords' | 'isBlocked' | 'people' | 'clock'> {
  registry: LobbyRegistry
  guessLimit: GuessLimit
  /** How often a player may have a password hashed or verified, which is expensive. */
  hashing: RateLimit<PlayerId>
}
/** A lobby that the player may try to enter. */
export interface Found {
  id: CustomLobby['id']
  key: Key
  /** The hash of the password that was right, or null. */
  opened: string | null
}

/** Finds the lobby that a player names, and limits how often a player may guess at codes and passwords. */
export function createFinding({ passwords, isBlocked, people, clock, registry, guessLimit, hashing }: FindingParts) {
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
    // A player who is refused anyway must not learn whether the password is right.
    const refusal = enter(lobby, { player, key, opened: seal, isBlocked: false, at: clock.now() })
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
    if (lobby) warnHost(lobby)
    return refuse('WRONG_PASSWORD')
  }

  function warnHost({ id, host }: CustomLobby): void {
    const tries = guessLimit.newsAt(id, TOLD_EVERY)
    if (tries) people.tell(host, 'lobby:guessed', { lobbyId: id, ...tries })
  }

  return find
}
