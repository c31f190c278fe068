import type { Mode } from '../../../config/modes.ts'
import type { LobbyId } from '../../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../../protocol/reply.ts'
import type { CommandQueue } from '../command-queue.ts'
import type { Step } from '../commit.ts'
import type { Asked, InLobby, LobbiesParts } from '../ports.ts'
import type { LobbyRegistry } from '../registry.ts'
import { type CustomLobby, isRefusal, type Player } from '../state/custom-lobby.ts'
import { enter } from '../state/membership.ts'
import { viewOf } from '../state/views.ts'
import { createBookings, type Place } from './bookings.ts'
import { isOpening, type Openings } from './openings.ts'

// After so many lobbies that filled up first, the player gets a lobby of their own.
const MAX_TRIES = 8

interface QuickParts extends Pick<LobbiesParts, 'modes' | 'isBlocked' | 'clock' | 'newId'> {
  registry: LobbyRegistry
  commandQueue: CommandQueue
  openings: Openings
  /** Opens a lobby with that id. */
  open: (
    player: Player,
    own: CustomLobby | undefined,
    asked: Asked<'lobby:create'>,
    id: LobbyId,
  ) => Promise<InLobby | Refusal>
  /** Commits the step, and takes the player out of their former lobby. */
  settle: (player: Player, own: CustomLobby | undefined, step: Step) => Promise<InLobby | Refusal>
}

/** `lobby:quick`: joins a lobby that fits, or opens one. Players who ask at the same time find each other. */
export function createQuickJoin(parts: QuickParts) {
  const { modes, isBlocked, clock, newId, registry, commandQueue, openings, open, settle } = parts
  const bookings = createBookings()

  async function quick(player: Player, asked: Asked<'lobby:quick'>, tries = 0): Promise<InLobby | Refusal> {
    const mode = modes.get(asked.mode)
    if (!mode) return refuse('UNKNOWN_MODE')
    const own = registry.ofPlayer(player.id)
    if (own && isStaying(own, mode)) return accept({ lobby: viewOf(own) })
    const place = tries < MAX_TRIES ? placeFor(player, mode) : null
    const reply = await (place ? enterAt(player, mode, place) : openAnother(player, mode))
    // Without a lobby in the reply, the place was taken by then.
    return isInLobby(reply) ? reply : quick(player, asked, tries + 1)
  }

  /** The fullest lobby that suits and has room for the players on their way too; or a lobby that is being opened. */
  function placeFor(player: Player, mode: Mode): Place | null {
    const hasRoom = (lobby: CustomLobby) => lobby.members.length + bookings.comingTo(lobby.id) < lobby.capacity
    const fullest = openings.fullest(mode.id, (lobby) => isFitting(lobby, player, mode) && hasRoom(lobby))
    if (fullest) return { id: fullest.id, opened: Promise.resolve() }
    return bookings.openingOf(mode.id, (host) => !isBlocked(host, player.id) && !isBlocked(player.id, host))
  }

  function enterAt(player: Player, mode: Mode, { id, opened }: Place) {
    const release = bookings.book(id)
    const joining = async () => {
      await opened
      return commandQueue.ofPlayer(player.id, [id], async (own) => {
        if (own && isStaying(own, mode)) return accept({ lobby: viewOf(own) })
        const lobby = registry.get(id)
        return lobby && isFitting(lobby, player, mode) ? enterFitting(player, own, lobby) : accept({ lobby: null })
      })
    }
    return commandQueue.answer(joining).finally(release)
  }

  function openAnother(player: Player, mode: Mode) {
    const id = newId() as LobbyId
    const wish = { mode: mode.id, name: `${player.name}’s lobby`, visibility: 'public' as const }
    const reply = commandQueue.answer(() =>
      commandQueue.ofPlayer(player.id, [], async (own) =>
        own && isStaying(own, mode) ? accept({ lobby: viewOf(own) }) : open(player, own, wish, id),
      ),
    )
    bookings.opening(mode.id, { id, host: player.id, capacity: mode.maxSeats }, reply)
    return reply
  }

  const isFitting = (lobby: CustomLobby, { id }: Player, mode: Mode): boolean =>
    lobby.mode === mode.id &&
    isOpening(lobby) &&
    !lobby.kicked.includes(id) &&
    !lobby.members.some(({ playerId }) => isBlocked(playerId, id) || isBlocked(id, playerId))

  async function enterFitting(player: Player, own: CustomLobby | undefined, lobby: CustomLobby) {
    const key = { lobbyId: lobby.id }
    const next = enter(lobby, { player, key, opened: null, isBlocked: false, at: clock.now() })
    return isRefusal(next) ? next : settle(player, own, { before: lobby, after: next })
  }

  return quick
}

const isStaying = (own: CustomLobby, mode: Mode): boolean => own.mode === mode.id && own.matchId === null

const isInLobby = (reply: InLobby | Accepted<{ lobby: null }> | Refusal): reply is InLobby | Refusal =>
  !reply.ok || reply.lobby !== null
