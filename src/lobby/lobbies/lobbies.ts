import type { Cancel } from '../../ports.ts'
import type { LobbyId, PlayerId } from '../../protocol/ids.ts'
import type { LobbyView } from '../../protocol/lobbies.ts'
import { createGuesses } from '../guesses.ts'
import { createPace } from '../pace.ts'
import { comeBack, drop, pass, restored } from './coming-and-going.ts'
import { type CustomLobby, isAway, type Player } from './custom-lobby.ts'
import { createDirectory } from './directory.ts'
import { createEntering } from './entering.ts'
import { createHosting } from './hosting.ts'
import { createKeeper } from './keeper.ts'
import { createListing } from './listing.ts'
import type { LobbiesParts } from './ports.ts'
import { lobbyFrom } from './restoring.ts'
import { createStarting } from './starting.ts'
import { createTurns } from './turns.ts'
import { summaryOf, viewOf } from './views.ts'
import { createWatching } from './watching.ts'

const RETRY_MS = 1_000
// The first look at a list may weigh 600 KB, and a password is some milliseconds of work.
const LOOKING = { burst: 10, everyMs: 1_000 }
const SEALING = { burst: 20, everyMs: 1_000 }

export type Lobbies = ReturnType<typeof createLobbies>

/** The custom lobbies of a title: who gathers where, and the list of them for everyone. */
export function createLobbies(parts: LobbiesParts) {
  const { modes, people, records, clock, log } = parts
  const directory = createDirectory()
  const turns = createTurns(directory)
  const guesses = createGuesses(clock)
  const looking = createPace(clock, LOOKING)
  const sealing = createPace(clock, SEALING)
  const listing = createListing()
  const watching = createWatching({ listing, tell: parts.rooms.tellWatchers, clock })
  const keeper = createKeeper({ ...parts, directory, changed, deadlinePassed })
  const entering = createEntering({ ...parts, directory, keeper, turns, guesses, sealing, departed })
  const hosting = createHosting({ ...parts, keeper, turns, sealing })
  const retries = new Set<Cancel>()
  const starting = createStarting({ ...parts, directory, keeper, turns, insist })

  function changed(id: LobbyId, lobby: CustomLobby | null): void {
    if (listing.set(id, lobby && summaryOf(lobby))) watching.changed()
    if (!lobby) parts.gone?.(id)
  }

  /** For what has to become of a lobby whether the store takes it now or later. */
  function insist(work: () => Promise<void>): void {
    work().catch((fault: unknown) => {
      if (turns.isStopped()) return
      log.error({ err: fault }, 'lobby could not follow, trying again')
      const again = () => {
        retries.delete(cancel)
        insist(work)
      }
      const cancel = clock.at(clock.now() + RETRY_MS, again)
      retries.add(cancel)
    })
  }

  function deadlinePassed(id: LobbyId): void {
    const work = async (lobby: CustomLobby) => {
      const next = pass(lobby, clock.now())
      if (next === 'idle') log.info({ lobby: id, members: lobby.members.length }, 'idle lobby closed')
      const after = next === 'idle' ? null : next
      await keeper.commit({ before: lobby, after, ...(next === 'idle' && { out: 'idle' as const }) })
    }
    insist(() => turns.ofLobby(id, work))
  }

  /** The player's last connection is gone. */
  function departed(playerId: PlayerId): void {
    if (!directory.ofPlayer(playerId)) return
    insist(() =>
      turns.ofPlayer(playerId, [], async (own) => {
        if (!own || people.isOnline(playerId) || isAway(own, playerId) || turns.isStopped()) return
        await keeper.commit({ before: own, after: drop(own, playerId, clock.now()) })
      }),
    )
  }

  /** The player's first connection is there. */
  function arrived(player: Player): void {
    if (!directory.ofPlayer(player.id)) return
    insist(() =>
      turns.ofPlayer(player.id, [], async (own) => {
        if (!own || !people.isOnline(player.id) || !isAway(own, player.id) || turns.isStopped()) return
        await keeper.commit({ before: own, after: comeBack(own, player) })
      }),
    )
  }

  /** Brings back what is on record; to be done when the matches are back, and before anyone is let in. */
  async function restore(): Promise<void> {
    for (const record of await records.load('lobby')) {
      const lobby = lobbyFrom(record)
      if (lobby && isSound(lobby)) keeper.adopt(starting.resume(restored(lobby, clock.now())))
      else {
        log.error({ lobby: record.id }, 'lobby could not be restored')
        await records.write([{ kind: 'lobby', id: record.id, value: null }])
      }
    }
  }

  /** Whether the mode still has the same seats, and nobody in it is in two places. */
  function isSound({ mode, teams, capacity, members }: CustomLobby): boolean {
    const now = modes.get(mode)
    if (!now || capacity > now.maxSeats || (teams?.count ?? null) !== now.teamCount) return false
    if (teams && teams.count * teams.size !== now.maxSeats) return false
    return !members.some(({ playerId }) => directory.ofPlayer(playerId))
  }

  /** Lets go of everything as it is stored, for the next start. */
  async function stop(): Promise<void> {
    await turns.stop()
    keeper.stop()
    watching.stop()
    for (const cancel of retries) cancel()
    directory.clear()
    for (const one of [guesses, looking, sealing]) one.stop()
  }

  return {
    ...entering,
    ...hosting,
    start: starting.start,
    news: starting.news,
    list: watching.list,
    watch: (playerId: PlayerId, ...wanted: Parameters<typeof watching.watch>) =>
      looking.take(playerId) ?? watching.watch(...wanted),
    unwatch: watching.unwatch,
    arrived,
    departed,
    restore,
    stop,
    /** The lobby in which the player is, or undefined. */
    lobbyOf(playerId: PlayerId): LobbyView | undefined {
      const lobby = directory.ofPlayer(playerId)
      return lobby && viewOf(lobby)
    },
    /** All who are in the player's lobby, or null. */
    companyOf(playerId: PlayerId): { id: LobbyId; players: PlayerId[] } | null {
      const lobby = directory.ofPlayer(playerId)
      return lobby ? { id: lobby.id, players: lobby.members.map((member) => member.playerId) } : null
    },
    size: directory.size,
    /** What is there as long as somebody is. */
    census: () => ({ lobbies: directory.size(), watchers: watching.size(), lobbyMatches: starting.matches() }),
  }
}
