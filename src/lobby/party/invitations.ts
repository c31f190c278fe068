import type { Clock } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import { createRateLimit } from '../../util/rate-limit.ts'
import type { BlockLists, People, Player } from '../ports.ts'
import type { Parties } from './parties.ts'

// A person invites a handful of friends; a program would invite everyone.
const PACE = { burst: 10, everyMs: 2_000 }

interface InvitationsParts {
  parties: Pick<Parties, 'viewFor'>
  people: People
  blocks: BlockLists
  clock: Clock
}

/** `party:invite`: sends the code of the party to another player. */
export function createInvitations({ parties, people, blocks, clock }: InvitationsParts) {
  const pace = createRateLimit<PlayerId>(clock, PACE)

  function invite(player: Player, to: PlayerId): Accepted | Refusal {
    const party = parties.viewFor(player.id)
    if (!party) return refuse('NOT_IN_PARTY')
    if (party.members.some(({ playerId }) => playerId === to))
      return refuse('BAD_REQUEST', { because: 'they are in your party' })
    if (party.members.length >= party.capacity) return refuse('PARTY_FULL')
    if (blocks.isBlocked(player.id, to)) return refuse('BLOCKED', { because: 'unblock them first' })
    // To the inviter, a player who has blocked them seems not connected.
    if (!people.isOnline(to) || blocks.isBlocked(to, player.id))
      return refuse('NOT_FOUND', { because: 'they are not connected: send them the code' })
    const tooFast = pace.take(player.id)
    if (tooFast) return tooFast
    const from = { playerId: player.id, name: player.name }
    people.tell(to, 'party:invited', { partyId: party.id, code: party.code, from })
    return accept({})
  }

  return { invite }
}
