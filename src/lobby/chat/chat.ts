import type { Clock, ConnectionId, Log, NewId } from '../../ports.ts'
import type { ChatAddress, ChatMessage } from '../../protocol/events/chat.ts'
import { MAX_TEXT } from '../../protocol/events/chat.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import { createKeyedQueue } from '../../util/keyed-queue.ts'
import { createRateLimit } from '../../util/rate-limit.ts'
import type { BlockLists, Deliver, People, Player } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { recordWriter } from '../store-writes.ts'
import { createArchive } from './archive.ts'
import { type Channel, type Companies, createChannels } from './channels.ts'
import type { Page } from './histories.ts'
import { createMail } from './mail.ts'

const SPEAKING = { burst: 5, everyMs: 1_000 }
// A page of history may weigh 200 KB.
const READING = { burst: 10, everyMs: 500 }

/** A player, and the connection that they speak from. */
export interface Speaker {
  player: Player
  connection: ConnectionId
}
export interface ChatParts {
  records: RecordStore
  people: People
  deliver: Deliver
  blocks: BlockLists
  companies: Companies
  /** Whether the player is connected, or is remembered. */
  isKnown: (playerId: PlayerId) => boolean
  /** Whether the player has played here, or is signed in. */
  isRegular: (playerId: PlayerId) => boolean
  /** Called with a player whose message was stored. */
  spoke: (playerId: PlayerId) => void
  clock: Clock
  newId: NewId
  log: Log
}
export interface Saying {
  to: ChatAddress
  text: string
}
export interface Reading {
  to: ChatAddress
  before?: string | undefined
  limit: number
}
type Said = Accepted<{ messageId: string; at: number }>

/** Chat. A message to a party or to one player is stored before it is delivered. */
export function createChat({ records, people, deliver, blocks, companies, isKnown, ...parts }: ChatParts) {
  const { isRegular, spoke, clock, newId, log } = parts
  const writeRecords = recordWriter(records, log)
  const mail = createMail({ people, writeRecords, isRegular, clock })
  const archive = createArchive({ writeRecords, isRegular })
  const channelOf = createChannels({ companies, isKnown: (other) => isKnown(other) || mail.isFor(other) })
  const speaking = createRateLimit<PlayerId>(clock, SPEAKING)
  const reading = createRateLimit<PlayerId>(clock, READING)
  const { inTurn } = createKeyedQueue<string>()

  async function send(speaker: Speaker, saying: Saying): Promise<Said | Refusal> {
    const { player } = speaker
    const channel = channelOf(player.id, saying.to)
    if ('ok' in channel) return channel
    const refusal = unsayable(player.id, saying) ?? speaking.take(player.id)
    if (refusal) return refusal
    if (!channel.isKept) return say(speaker, channel, messageFrom(player, saying))
    return inTurn(channel.key, async () => {
      // The player may have left the party while earlier messages were stored.
      const still = channelOf(player.id, saying.to)
      return 'ok' in still ? still : keepAndSay(speaker, still, messageFrom(player, saying))
    })
  }

  function unsayable(playerId: PlayerId, { to, text }: Saying): Refusal | null {
    if (text.length > MAX_TEXT && [...text].length > MAX_TEXT)
      return refuse('TOO_LARGE', { because: `${MAX_TEXT} characters at most` })
    if (!('playerId' in to)) return null
    if (blocks.isBlocked(playerId, to.playerId)) return refuse('BLOCKED', { because: 'unblock them first' })
    return null
  }

  const messageFrom = ({ id, name }: Player, { to, text }: Saying): ChatMessage => ({
    messageId: newId(),
    from: { playerId: id, name },
    to,
    text,
    at: clock.now(),
  })

  async function keepAndSay(speaker: Speaker, channel: Channel, message: ChatMessage): Promise<Said | Refusal> {
    const receiver = receiverOf(message)
    const letter = receiver ? [mail.record(receiver, message)] : []
    if (!(await writeRecords([archive.record(channel, message), ...letter]))) return refuse('UNAVAILABLE')
    spoke(speaker.player.id)
    const said = say(speaker, { ...channel, players: listenersTo(channel, message) }, message)
    if (receiver) mail.put(receiver, message)
    return said
  }

  /** The receiver of a letter, which waits until they connect; null when they block the speaker. */
  function receiverOf({ from, to }: ChatMessage): PlayerId | null {
    return 'playerId' in to && !blocks.isBlocked(to.playerId, from.playerId) ? to.playerId : null
  }

  /** The players in the channel, now that the message is stored. Of a letter, only the sender: the receiver gets mail. */
  function listenersTo({ key, players }: Channel, { from, to }: ChatMessage): readonly PlayerId[] {
    if ('playerId' in to) return [from.playerId]
    const now = players.map((playerId) => channelOf(playerId, to))
    return now.find((channel): channel is Channel => !('ok' in channel) && channel.key === key)?.players ?? []
  }

  function say(speaker: Speaker, { key, players }: Channel, message: ChatMessage): Said {
    const { messageId, from, at } = message
    const listeners = players.filter((playerId) => !blocks.isBlocked(playerId, from.playerId))
    // Without listeners, not even the speaker, the party is gone.
    if (listeners.length === 0) archive.forget([message])
    else {
      archive.add(key, message)
      deliver({ players: listeners, except: speaker.connection }, 'chat:message', message)
    }
    return accept({ messageId, at })
  }

  function history({ id }: Player, { to, before, limit }: Reading): Accepted<Page> | Refusal {
    const channel = channelOf(id, to)
    if ('ok' in channel) return channel
    const refusal = reading.take(id)
    if (refusal) return refusal
    const isHeard = ({ from }: ChatMessage) => !blocks.isBlocked(id, from.playerId)
    return accept(archive.page(channel.key, { before, limit, isHeard }))
  }

  /** Brings back stored messages and letters. `isThere`: whether the party still exists. */
  async function restore(isThere: (partyId: string) => boolean): Promise<void> {
    await archive.restore(await records.load('chat'), isThere)
    await mail.restore(await records.load('mail'))
  }

  // A player who connects gets the waiting letters.
  return { send, history, arrived: mail.deliver, ended: archive.ended, restore, size: archive.size }
}
