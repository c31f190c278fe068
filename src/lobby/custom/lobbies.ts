import type { Cancel, EpochMs } from '../../ports.ts'
import type { LobbyView } from '../../protocol/events/lobbies.ts'
import type { LobbyId, PlayerId } from '../../protocol/ids.ts'
import { createPlayerRateLimit } from '../../util/player-rate-limit.ts'
import { createGuessLimit } from '../guess-limit.ts'
import { createCommandQueue } from './command-queue.ts'
import { createLobbyCommit, NotStored } from './commit.ts'
import { createHosting } from './hosting.ts'
import { createIdleness } from './idleness.ts'
import { createJoining } from './joining.ts'
import { createListing } from './list/listing.ts'
import { createOpenings } from './list/openings.ts'
import { createWatching } from './list/watching.ts'
import type { LobbiesParts } from './ports.ts'
import { createLobbyRegistry } from './registry.ts'
import { lobbyFrom } from './restore.ts'
import { createStart } from './start.ts'
import { type CustomLobby, isAway, memberOf, type Player, withMember } from './state/custom-lobby.ts'
import { addBack, comeBack, drop, pass, restored } from './state/membership.ts'
import { summaryOf, viewOf } from './state/views.ts'

const RETRY_MS = 1_000
// The first look at a list may weigh 600 KB, and a password is some milliseconds of work.
const LOOKING = { burst: 10, everyMs: 1_000 }
// What looks at fewer lobbies than this costs nothing; two searches through all that there may be, then one a second.
const FREE_LOOKS = 1_000
const SEARCHING = { burst: 40, everyMs: 50 }
// Wrong passwords of a lobby: its host hears of every tenth.
const TOLD_EVERY = 10
const HASHING = { burst: 20, everyMs: 1_000 }

type Watching = Parameters<ReturnType<typeof createWatching>['watch']> extends [PlayerId, ...infer Rest] ? Rest : never
export type Lobbies = ReturnType<typeof createLobbies>

/** The custom lobbies of a title: who gathers where, and the list of them for everyone. */
export function createLobbies(parts: LobbiesParts) {
  const { modes, people, records, clock, log } = parts
  const registry = createLobbyRegistry()
  const commandQueue = createCommandQueue(registry)
  const guessLimit = createGuessLimit(clock)
  const looking = createPlayerRateLimit(clock, LOOKING)
  const hashing = createPlayerRateLimit(clock, HASHING)
  const searching = createPlayerRateLimit(clock, SEARCHING)
  const listing = createListing()
  const watching = createWatching({ listing, deliver: parts.deliver, hides, clock })
  const lobbyCommit = createLobbyCommit({ ...parts, registry, changed, deadlinePassed })
  const openings = createOpenings()
  const idleness = createIdleness({ idleMs: parts.idleMs, warn: tellClosing, close, clock: parts.time })
  const common = { ...parts, registry, lobbyCommit, commandQueue, hashing }
  const joining = createJoining({ ...common, openings, guessLimit, guessed, departed })
  const hosting = createHosting({ ...common, sealed: ({ id }) => guessLimit.forget(id) })
  const retries = new Set<Cancel>()
  const start = createStart({ ...parts, registry, lobbyCommit, commandQueue, retryUntilStored })

  function changed(id: LobbyId, lobby: CustomLobby | null, before: CustomLobby | null): void {
    if (before && !isOpenToTheSame(before, lobby))
      parts.matchService.lobbyChanged(id, lobby && lobby.visibility === 'private')
    if (listing.set(id, lobby && summaryOf(lobby))) watching.changed()
    openings.set(id, lobby)
    if (lobby && lobby.matchId === null) idleness.watch(id, lobby.activeAt)
    else idleness.forget(id)
    if (lobby) return
    guessLimit.forget(id)
    parts.gone?.(id)
  }

  /** Whose lobbies a player is not to see: null for most, whom nobody blocks. */
  function hides(viewer: PlayerId) {
    if (!parts.isBlockedAtAll(viewer)) return null
    return (host: PlayerId): boolean => parts.isBlocked(host, viewer)
  }

  /** Somebody blocks another, or no longer: what the other sees of the list changes with it. */
  function blockChanged(by: PlayerId, other: PlayerId): void {
    const lobby = registry.ofPlayer(by)
    if (lobby?.host !== by) return
    watching.blockChanged(other, lobby.id)
    parts.matchService.lobbyChanged(lobby.id, lobby.visibility === 'private')
  }

  /** Tells the host of whoever tries one password after the other. */
  function guessed({ id, host }: CustomLobby): void {
    const tries = guessLimit.newsAt(id, TOLD_EVERY)
    if (tries) people.tell(host, 'lobby:guessed', { lobbyId: id, ...tries })
  }

  function tellClosing(id: LobbyId, at: EpochMs): void {
    parts.deliver({ lobby: id }, 'lobby:closing', { lobbyId: id, at })
  }

  function close(id: LobbyId): void {
    const work = async (lobby: CustomLobby) => {
      // Somebody did something at the last moment.
      if (!idleness.isIdle(id)) return idleness.restart(id)
      log.info({ lobby: id, members: lobby.members.length }, 'idle lobby closed')
      await lobbyCommit.commit({ before: lobby, after: null, out: 'idle' })
    }
    retryUntilStored(() => commandQueue.ofLobby(id, work))
  }

  /** For what has to become of a lobby whether the store takes it now or later. A bug would fail again: it is logged once. */
  function retryUntilStored(work: () => Promise<void>): void {
    work().catch((err: unknown) => {
      if (commandQueue.isStopped()) return
      if (!(err instanceof NotStored)) return log.error({ err }, 'lobby could not follow')
      log.warn({}, 'lobby could not be stored, trying again')
      const again = () => {
        retries.delete(cancel)
        retryUntilStored(work)
      }
      const cancel = clock.at(clock.now() + RETRY_MS, again)
      retries.add(cancel)
    })
  }

  function deadlinePassed(id: LobbyId): void {
    const work = async (lobby: CustomLobby) => {
      await lobbyCommit.commit({ before: lobby, after: pass(lobby, clock.now()), out: 'away' })
    }
    retryUntilStored(() => commandQueue.ofLobby(id, work))
  }

  parts.time.onOutage((outageMs) => {
    idleness.addBack(outageMs)
    const postpone = (lobby: CustomLobby) => lobbyCommit.commit({ before: lobby, after: addBack(lobby, outageMs) })
    const waiting = registry.all().filter(({ members }) => members.some(({ awayUntil }) => awayUntil !== null))
    for (const { id } of waiting) retryUntilStored(() => commandQueue.ofLobby(id, postpone))
  })

  /** The player's last connection is gone. */
  function departed(playerId: PlayerId): void {
    if (!registry.ofPlayer(playerId)) return
    retryUntilStored(() =>
      commandQueue.ofPlayer(playerId, [], async (own) => {
        if (!own || people.isOnline(playerId) || isAway(own, playerId) || commandQueue.isStopped()) return
        await lobbyCommit.commit({ before: own, after: drop(own, playerId, clock.now()) })
      }),
    )
  }

  /** The player has another name now. */
  function renamed({ id, name }: Player): void {
    const isNews = (own: CustomLobby | undefined) => own && memberOf(own, id)?.name !== name
    if (!isNews(registry.ofPlayer(id))) return
    retryUntilStored(() =>
      commandQueue.ofPlayer(id, [], async (own) => {
        if (!own || !isNews(own) || commandQueue.isStopped()) return
        await lobbyCommit.commit({ before: own, after: withMember(own, id, { name }) })
      }),
    )
  }

  /** The player's first connection is there. */
  function arrived(player: Player): void {
    if (!registry.ofPlayer(player.id)) return
    retryUntilStored(() =>
      commandQueue.ofPlayer(player.id, [], async (own) => {
        if (!own || !people.isOnline(player.id) || !isAway(own, player.id) || commandQueue.isStopped()) return
        await lobbyCommit.commit({ before: own, after: comeBack(own, player) })
      }),
    )
  }

  /** Brings back what is on record; to be done when the matches are back, and before anyone is let in. */
  async function restore(): Promise<void> {
    const matches = parts.seats.ofLobbies()
    for (const record of await records.load('lobby')) {
      const lobby = lobbyFrom(record)
      // It waits for its mode, as its match does.
      if (lobby && !modes.has(lobby.mode)) log.warn({ lobby: record.id, mode: lobby.mode }, 'lobby set aside')
      else if (lobby && isSound(lobby)) lobbyCommit.adopt(start.resume(restored(lobby, clock.now()), matches))
      else {
        log.error({ lobby: record.id }, 'lobby could not be restored')
        for (const { playerId } of lobby?.members ?? [])
          people.missed?.(playerId, { what: 'lobby', id: record.id, reason: 'closed' })
        await records.write([{ kind: 'lobby', id: record.id, value: null }])
      }
    }
  }

  /** Whether the mode still has the same seats, and nobody in it is in two places. */
  function isSound({ mode, teams, capacity, members }: CustomLobby): boolean {
    const now = modes.get(mode)
    if (!now || capacity > now.maxSeats || (teams?.count ?? null) !== now.teamCount) return false
    if (teams && teams.count * teams.size !== now.maxSeats) return false
    return !members.some(({ playerId }) => registry.ofPlayer(playerId))
  }

  /** Lets go of everything as it is stored, for the next start. */
  async function stop(): Promise<void> {
    await commandQueue.stop()
    lobbyCommit.stop()
    watching.stop()
    idleness.stop()
    for (const cancel of retries) cancel()
    registry.clear()
    openings.clear()
    for (const one of [guessLimit, looking, hashing, searching]) one.stop()
  }

  return {
    ...joining,
    ...hosting,
    start: start.start,
    news: start.news,
    list(playerId: PlayerId, asked: Parameters<typeof watching.list>[1]) {
      const tooMuch = searching.refusalFor(playerId)
      if (tooMuch) return tooMuch
      const { reply, looks } = watching.list(playerId, asked)
      if (looks >= FREE_LOOKS) searching.spend(playerId, Math.ceil(looks / FREE_LOOKS))
      return reply
    },
    watch: (playerId: PlayerId, ...wanted: Watching) => looking.take(playerId) ?? watching.watch(playerId, ...wanted),
    blockChanged,
    unwatch: watching.unwatch,
    /** A member has asked for something, whatever it was. */
    active(playerId: PlayerId): void {
      const lobby = registry.ofPlayer(playerId)
      if (lobby) idleness.active(lobby.id, clock.now())
    },
    arrived,
    renamed,
    departed,
    restore,
    stop,
    /** The lobby in which the player is, or undefined. */
    lobbyOf(playerId: PlayerId): LobbyView | undefined {
      const lobby = registry.ofPlayer(playerId)
      return lobby && viewOf(lobby)
    },
    /** All who are in the player's lobby, or null. */
    companyOf(playerId: PlayerId): { id: LobbyId; players: PlayerId[] } | null {
      const lobby = registry.ofPlayer(playerId)
      return lobby ? { id: lobby.id, players: lobby.members.map((member) => member.playerId) } : null
    },
    /** Whether this player may know what the lobby plays: its members, and where it is public whoever may know of it. */
    isOpenTo(playerId: PlayerId, { lobbyId, isPrivate }: { lobbyId: LobbyId; isPrivate: boolean }): boolean {
      const lobby = registry.get(lobbyId)
      if (!lobby) return !isPrivate
      if (memberOf(lobby, playerId)) return true
      return lobby.visibility === 'public' && !parts.isBlocked(lobby.host, playerId)
    },
    size: registry.size,
    /** What is there as long as somebody is. */
    census: () => ({ lobbies: registry.size(), watchers: watching.size() }),
  }
}

/** Whether nobody who could know of the lobby's match before may not now. */
function isOpenToTheSame(before: CustomLobby, after: CustomLobby | null): boolean {
  if (!after || after.visibility !== before.visibility || after.host !== before.host) return false
  return before.visibility === 'public' || before.members.every(({ playerId }) => memberOf(after, playerId))
}
