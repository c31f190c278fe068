import type { EpochMs } from '../../ports.ts'
import type { ChatMessage } from '../../protocol/events/chat.ts'
import type { PlayerId } from '../../protocol/ids.ts'

export interface Letter {
  to: PlayerId
  message: ChatMessage
  /** The sender is a guest who has not played here; one person can have many guest accounts. */
  isStranger: boolean
}

const MAX_FOR_ONE = 100
const MAX_FROM_ONE = 200
// All letters together: some 50 MB at the longest messages. Strangers share a part of it.
const MAX_IN_ALL = 50_000
const MAX_OF_STRANGERS = 10_000
const KEPT_MS = 30 * 24 * 3_600_000

/**
 * Letters that wait. The busiest senders make room first: a sender with too many letters loses the oldest, and a full
 * box loses the oldest letter of the sender with most letters in it, strangers first.
 */
export function createWaitingMail() {
  // Sets keep the order of arrival.
  const all = new Set<Letter>()
  const ofStrangers = new Set<Letter>()
  const boxes = new Map<PlayerId, Set<Letter>>()
  const bySender = new Map<PlayerId, Set<Letter>>()

  const indexesOf = ({ to, message }: Letter) =>
    [
      [boxes, to],
      [bySender, message.from.playerId],
    ] as const

  function add(letter: Letter): void {
    all.add(letter)
    if (letter.isStranger) ofStrangers.add(letter)
    for (const [index, key] of indexesOf(letter)) index.set(key, (index.get(key) ?? new Set()).add(letter))
  }

  function remove(letter: Letter): Letter {
    all.delete(letter)
    ofStrangers.delete(letter)
    for (const [index, key] of indexesOf(letter)) {
      const letters = index.get(key)
      letters?.delete(letter)
      if (letters?.size === 0) index.delete(key)
    }
    return letter
  }

  /** The oldest letter that is too much, or too old. */
  function surplus({ to, message: { from } }: Letter, now: EpochMs): Letter | undefined {
    const [oldest] = all
    if (oldest && oldest.message.at + KEPT_MS <= now) return oldest
    const box = boxes.get(to)
    if (box && box.size > MAX_FOR_ONE) return leastOf(box)
    const sent = bySender.get(from.playerId)
    if (sent && sent.size > MAX_FROM_ONE) return first(sent)
    if (ofStrangers.size > MAX_OF_STRANGERS) return first(ofStrangers)
    return all.size > MAX_IN_ALL ? oldest : undefined
  }

  return {
    /** Puts a letter in. Returns the letters that make room for it. */
    put(letter: Letter, now: EpochMs): Letter[] {
      add(letter)
      const lost: Letter[] = []
      for (let one = surplus(letter, now); one; one = surplus(letter, now)) lost.push(remove(one))
      return lost
    },
    /** Takes out all letters for a player, in order. */
    take: (to: PlayerId): Letter[] => [...(boxes.get(to) ?? [])].map(remove),
    isFor: (to: PlayerId): boolean => boxes.has(to),
    size: (): number => all.size,
  }
}

const first = (letters: ReadonlySet<Letter>): Letter | undefined => letters.values().next().value

/** The oldest letter of the sender with most letters in the box; only of strangers, if there are any. */
function leastOf(box: ReadonlySet<Letter>): Letter | undefined {
  const strange = [...box].filter(({ isStranger }) => isStranger)
  const letters = strange.length > 0 ? strange : [...box]
  const counts = new Map<PlayerId, number>()
  for (const { message } of letters) counts.set(message.from.playerId, (counts.get(message.from.playerId) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return letters.find(({ message }) => counts.get(message.from.playerId) === most)
}
