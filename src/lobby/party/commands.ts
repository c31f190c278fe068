import type { NewId } from '../../ports.ts'
import type { PartyId, PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import { createKeyedQueue } from '../../util/keyed-queue.ts'
import type { GuessLimit } from '../guess-limit.ts'
import { newCode, typedCode } from '../invite-codes.ts'
import type { People, Player } from '../ports.ts'
import type { PartyCommit, PartyView, Why } from './commit.ts'
import { newParty, type Party, type PartyCommand, stepParty } from './party.ts'
import type { PartyRegistry } from './registry.ts'

interface CommandsParts {
  registry: PartyRegistry
  partyCommit: PartyCommit
  guessLimit: GuessLimit
  people: Pick<People, 'isOnline'>
  /** Called for a player who left while they were let in. */
  departed: (playerId: PlayerId) => void
  newId: NewId
}
type InParty = Accepted<{ party: PartyView }>
export type PartyCommands = ReturnType<typeof createPartyCommands>

/** What players do with parties. The commands of a party run one at a time. */
export function createPartyCommands({ registry, partyCommit, guessLimit, people, departed, newId }: CommandsParts) {
  const { commit, viewOf } = partyCommit
  const { inTurn, isFull } = createKeyedQueue<PartyId>()

  async function create(player: Player): Promise<InParty | Refusal> {
    const id = newId() as PartyId
    if (!registry.reserve(player.id, id)) return refuse('ALREADY_IN_PARTY')
    return inTurn(id, () => enter(player, undefined, newParty(id, newCode(newId), memberFrom(player))))
  }

  async function join(player: Player, typed: string, address: string): Promise<InParty | Refusal> {
    if (registry.partyOf(player.id)) return refuse('ALREADY_IN_PARTY')
    const guesser = { playerId: player.id, address }
    const locked = guessLimit.refusalFor(guesser)
    if (locked) return locked
    const code = typedCode(typed)
    const partyId = registry.withCode(code)
    if (!partyId) {
      guessLimit.wasWrong(guesser)
      return refuse('INVITE_INVALID')
    }
    if (isFull(partyId)) return refuse('OVERLOADED')
    return inTurn(partyId, async () => joinInTurn(player, partyId, code))
  }

  async function joinInTurn(player: Player, partyId: PartyId, code: string): Promise<InParty | Refusal> {
    const party = registry.get(partyId)
    const next = party ? stepParty(party, { type: 'join', player: memberFrom(player), code }) : refuse('INVITE_INVALID')
    if ('ok' in next) return next
    return registry.reserve(player.id, partyId) ? enter(player, party, next) : refuse('ALREADY_IN_PARTY')
  }

  /** Stores the party with a new member, whose place is reserved. */
  async function enter(player: Player, before: Party | undefined, after: Party): Promise<InParty | Refusal> {
    if (!(await commit(before, after))) {
      registry.release(player.id)
      return refuse('UNAVAILABLE')
    }
    // The player may have disconnected while the party was stored.
    if (!people.isOnline(player.id)) departed(player.id)
    return accept({ party: viewOf(after) })
  }

  /** Carries out a member's command when its turn comes; `decide` is asked then, and null means that nothing is to be done. */
  async function ask(playerId: PlayerId, why: Why, decide: () => PartyCommand | null): Promise<Accepted | Refusal> {
    const partyId = registry.partyOf(playerId)?.id
    if (!partyId) return refuse('NOT_IN_PARTY')
    if (isFull(partyId)) return refuse('OVERLOADED')
    return inTurn(partyId, async () => {
      const party = registry.get(partyId)
      const command = decide()
      if (!party) return refuse('NOT_IN_PARTY')
      if (!command) return accept({})
      const next = stepParty(party, command)
      if ('ok' in next) return next
      return (await commit(party, next, why)) ? accept({}) : refuse('UNAVAILABLE')
    })
  }

  const leave = (playerId: PlayerId) => ask(playerId, 'left', () => ({ type: 'leave', playerId }))
  const kick = (by: PlayerId, playerId: PlayerId) =>
    ask(by, 'kicked', () => ({ type: 'kick', by, playerId, newCode: newCode(newId) }))
  const promote = (by: PlayerId, playerId: PlayerId) =>
    awayMember(by, playerId) ?? ask(by, 'left', () => ({ type: 'promote', by, playerId }))

  /** The refusal to promote a member who is not connected, or null. */
  function awayMember(by: PlayerId, playerId: PlayerId): Refusal | null {
    const party = registry.partyOf(by)
    const member = party?.leaderId === by ? party.members.find(({ id }) => id === playerId) : undefined
    if (!member || people.isOnline(playerId)) return null
    return refuse('FORBIDDEN', { says: `${member.name} is not connected right now. Choose somebody who is.` })
  }

  /** The player has another name now. */
  async function renamed({ id, name }: Pick<Player, 'id' | 'name'>): Promise<void> {
    const known = () => registry.partyOf(id)?.members.find((member) => member.id === id)?.name ?? name
    if (known() !== name)
      await ask(id, 'left', () => (known() === name ? null : { type: 'rename', playerId: id, name }))
  }

  return { ask, asked: { create, join, leave, kick, promote, renamed } }
}

const memberFrom = ({ id, name, rating }: Player): Party['members'][number] => ({
  id,
  name,
  ...(rating !== undefined && { rating }),
})
