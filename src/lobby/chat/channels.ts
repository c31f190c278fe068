import type { ErrorCode } from '../../protocol/errors.ts'
import type { ChatAddress } from '../../protocol/events/chat.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'

/** The members of a party, lobby or match, the asking player included. */
interface Company {
  id: string
  players: readonly PlayerId[]
}
export type CompanyKind = 'party' | 'lobby' | 'match'
/** The companies that a player is in right now, each or null. */
export type Companies = Record<CompanyKind, (playerId: PlayerId) => Company | null>

/** A channel: its key and its listeners. */
export interface Channel {
  key: string
  /** Whether its messages are stored. */
  isKept: boolean
  players: readonly PlayerId[]
}
const OUTSIDE: Record<CompanyKind, { code: ErrorCode; because?: string }> = {
  party: { code: 'NOT_IN_PARTY' },
  lobby: { code: 'NOT_IN_LOBBY' },
  match: { code: 'NOT_IN_MATCH', because: 'you have no seat in a match that goes on' },
}

export const channelKey = (kind: CompanyKind, id: string): string => `${kind}:${id}`
/** The party whose channel this is. */
export const partyIn = (key: string): string => key.slice('party:'.length)
export const isDirect = (key: string): boolean => key.startsWith('direct:')

interface ChannelsParts {
  companies: Companies
  isKnown: (playerId: PlayerId) => boolean
}

/** The channel that an address means for the player right now, or the refusal. */
export function createChannels({ companies, isKnown }: ChannelsParts) {
  function companyChannel(playerId: PlayerId, kind: CompanyKind): Channel | Refusal {
    const company = companies[kind](playerId)
    if (!company) return refuse(OUTSIDE[kind].code, OUTSIDE[kind])
    return { key: channelKey(kind, company.id), isKept: kind === 'party', players: company.players }
  }

  function directChannel(playerId: PlayerId, other: PlayerId): Channel | Refusal {
    if (playerId === other) return refuse('BAD_REQUEST', { because: 'that is yourself' })
    if (!isKnown(other)) return refuse('NOT_FOUND')
    return { key: `direct:${JSON.stringify([playerId, other].sort())}`, isKept: true, players: [playerId, other] }
  }

  return (playerId: PlayerId, to: ChatAddress): Channel | Refusal => {
    if ('playerId' in to) return directChannel(playerId, to.playerId)
    return companyChannel(playerId, 'party' in to ? 'party' : 'lobby' in to ? 'lobby' : 'match')
  }
}
