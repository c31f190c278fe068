import type { PlayerId } from '../../protocol/ids.ts'
import { lobbyName } from '../../protocol/names.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { RateLimit } from '../../util/rate-limit.ts'
import { newCode } from '../invite-codes.ts'
import type { CommandQueue } from './command-queue.ts'
import type { LobbyCommit, Step } from './commit.ts'
import type { Asked, InLobby, LobbiesParts } from './ports.ts'
import { isAwayNow, moveToTeam, promote, setReady, update } from './state/agreement.ts'
import { type CustomLobby, isRefusal, memberOf } from './state/custom-lobby.ts'
import { kick, leave } from './state/membership.ts'
import { refusalOfSettings } from './state/settings.ts'
import { viewOf } from './state/views.ts'

interface HostingParts extends Pick<LobbiesParts, 'modes' | 'people' | 'passwords' | 'clock' | 'newId'> {
  lobbyCommit: LobbyCommit
  commandQueue: CommandQueue
  /** How often a player may have a password hashed or verified, which is expensive. */
  hashing: RateLimit<PlayerId>
  /** Called when a lobby has another password, so that guesses at the former one do not count any more. */
  sealed: (lobby: CustomLobby) => void
}

/** The commands of members and of the host, until the lobby starts. */
export function createHosting(parts: HostingParts) {
  const { modes, people, passwords, clock, newId, lobbyCommit, commandQueue, hashing, sealed } = parts

  async function change(
    before: CustomLobby,
    after: CustomLobby | Refusal,
    out?: Step['out'],
  ): Promise<InLobby | Refusal> {
    if (isRefusal(after)) return after
    await lobbyCommit.commit({ before, after, ...(out && { out }) })
    return accept({ lobby: viewOf(after) })
  }

  return {
    leave: (playerId: PlayerId): Promise<Accepted | Refusal> =>
      commandQueue.ofMember(playerId, async (own) => {
        await lobbyCommit.commit({ before: own, after: leave(own, playerId, clock.now()) })
        return accept({})
      }),
    ready: (playerId: PlayerId, { ready }: Asked<'lobby:ready'>) =>
      commandQueue.ofMember(playerId, async (own) => change(own, setReady(own, playerId, ready, clock.now()))),
    team: (playerId: PlayerId, { team }: Asked<'lobby:team'>) =>
      commandQueue.ofMember(playerId, async (own) => change(own, moveToTeam(own, playerId, team, clock.now()))),
    kick: (playerId: PlayerId, { playerId: whom }: Asked<'lobby:kick'>) =>
      commandQueue.ofHost(playerId, async (own) => change(own, kick(own, whom, newCode(newId), clock.now()), 'kicked')),
    promote: (playerId: PlayerId, { playerId: whom }: Asked<'lobby:promote'>) =>
      commandQueue.ofHost(playerId, async (own) => {
        const member = memberOf(own, whom)
        if (member && !people.isOnline(whom)) return refuse('FORBIDDEN', { says: isAwayNow(member.name) })
        return change(own, promote(own, whom, clock.now()))
      }),
    update: (playerId: PlayerId, { mode: wanted, name: given, password, locked, ...rest }: Asked<'lobby:update'>) =>
      commandQueue.ofHost(playerId, async (own) => {
        const mode = modes.get(wanted ?? own.mode)
        if (!mode) return refuse('UNKNOWN_MODE')
        const name = given === undefined ? own.name : lobbyName(given)
        if (name === null) return refuse('NAME_INVALID')
        const refusal =
          refusalOfSettings(rest.settings) ?? (typeof password === 'string' ? hashing.take(playerId) : null)
        if (refusal) return refusal
        const seal = typeof password === 'string' ? await passwords.hashPassword(password) : password
        const reply = await change(own, update(own, mode, { ...rest, name, seal, isLocked: locked }, clock.now()))
        if (reply.ok && seal !== undefined) sealed(own)
        return reply
      }),
  }
}
