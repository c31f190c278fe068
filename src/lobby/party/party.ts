import { PARTY_CAPACITY } from '../../protocol/events/parties.ts'
import type { PartyId, PlayerId } from '../../protocol/ids.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'

export interface Member {
  readonly id: PlayerId
  readonly name: string
  /** The rating that the game's backend gave when the player joined. */
  readonly rating?: number
}
export interface Party {
  readonly id: PartyId
  /** The invite code. */
  readonly code: string
  readonly leaderId: PlayerId
  /** In the order of joining. A party without members is over. */
  readonly members: readonly Member[]
}
export type PartyCommand =
  | { type: 'join'; player: Member; code: string }
  | { type: 'leave'; playerId: PlayerId }
  | { type: 'kick'; by: PlayerId; playerId: PlayerId; newCode: string }
  | { type: 'promote'; by: PlayerId; playerId: PlayerId }
  | { type: 'rename'; playerId: PlayerId; name: string }

export const newParty = (id: PartyId, code: string, leader: Member): Party => ({
  id,
  code,
  leaderId: leader.id,
  members: [leader],
})

export const isMember = ({ members }: Party, playerId: PlayerId): boolean => members.some(({ id }) => id === playerId)
const isFull = ({ members }: Party): boolean => members.length >= PARTY_CAPACITY

/** The party after a command, or the refusal. */
export function stepParty(party: Party, command: PartyCommand): Party | Refusal {
  switch (command.type) {
    case 'join':
      return joined(party, command.player, command.code)
    case 'leave':
      return isMember(party, command.playerId) ? without(party, command.playerId) : refuse('NOT_IN_PARTY')
    case 'kick': {
      const { by, playerId, newCode } = command
      return leading(party, by, playerId) ?? { ...without(party, playerId), code: newCode }
    }
    case 'rename':
      return {
        ...party,
        members: party.members.map((one) => (one.id === command.playerId ? { ...one, name: command.name } : one)),
      }
    case 'promote':
      return leading(party, command.by, command.playerId) ?? { ...party, leaderId: command.playerId }
  }
}

function joined(party: Party, player: Member, code: string): Party | Refusal {
  if (party.code !== code) return refuse('INVITE_INVALID')
  if (isMember(party, player.id)) return refuse('ALREADY_IN_PARTY')
  if (isFull(party)) return refuse('PARTY_FULL')
  return { ...party, members: [...party.members, player] }
}

/** The refusal if `by` may not decide about the member, or null. */
function leading(party: Party, by: PlayerId, playerId: PlayerId): Refusal | null {
  if (!isMember(party, by)) return refuse('NOT_IN_PARTY')
  if (party.leaderId !== by) return refuse('NOT_PARTY_LEADER')
  if (by === playerId) return refuse('BAD_REQUEST', { because: 'that is yourself' })
  return isMember(party, playerId) ? null : refuse('NOT_FOUND', { because: 'they are not in your party' })
}

function without(party: Party, playerId: PlayerId): Party {
  const members = party.members.filter(({ id }) => id !== playerId)
  const leaderId = party.leaderId === playerId ? (members[0]?.id ?? playerId) : party.leaderId
  return { ...party, members, leaderId }
}
