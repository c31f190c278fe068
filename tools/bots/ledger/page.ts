/** What became of the messages. A message to three members counts once in `sent`, three times in all the others. */
export interface Tally {
  sent: number
  owed: number
  delivered: number
  lost: number
  duplicated: number
  /** The sender heard its own message. */
  echoed: number
  /** Heard after a later one of the same sender. */
  outOfOrder: number
  /** Heard in another match, from a seat that did not send it, or never sent at all. */
  strayed: number
  /** Still owed when the server ended the match under its players. */
  cutOff: number
}

/** A message of one match; each sender counts from 1. */
export interface Numbered {
  from: number
  n: number
  /** The sender sends no more after this one. */
  isLast: boolean
}
/** The messages from one member to another: heard and due. */
interface Lane {
  readonly owed: Set<number>
  readonly heard: Set<number>
  newest: number
  isDone: boolean
}

/** The messages of one match. */
export type Page = ReturnType<typeof openPage>

/** A new page, which counts into `counts`. */
export function openPage(counts: Omit<Tally, 'lost'>) {
  const lanes = new Map<string, Lane>()
  const lastSent = new Map<number, number>()
  let isCut = false

  function laneOf(by: number, from: number): Lane {
    const key = `${from}>${by}`
    const lane = lanes.get(key) ?? { owed: new Set(), heard: new Set(), newest: 0, isDone: false }
    lanes.set(key, lane)
    return lane
  }
  function fault(kind: 'strayed' | 'echoed' | 'duplicated'): false {
    counts[kind] += 1
    return false
  }
  function note(lane: Lane, { n, isLast }: Numbered): void {
    if (n < lane.newest) counts.outOfOrder += 1
    lane.newest = Math.max(lane.newest, n)
    lane.heard.add(n)
    lane.isDone ||= isLast
  }

  return {
    /** `to`: the members that were present for the sender, to whom the message is due. */
    sent({ from, n }: Numbered, to: readonly number[]): void {
      counts.sent += 1
      lastSent.set(from, n)
      if (isCut) return
      counts.owed += to.length
      for (const by of to) laneOf(by, from).owed.add(n)
    },

    /** Whether the message was owed and this is its arrival. */
    heard(by: number, message: Numbered): boolean {
      const { from, n } = message
      if (n < 1 || n > (lastSent.get(from) ?? 0)) return fault('strayed')
      if (by === from) return fault('echoed')
      const lane = laneOf(by, from)
      if (lane.heard.has(n)) return fault('duplicated')
      note(lane, message)
      if (isCut || !lane.owed.delete(n)) return false
      counts.delivered += 1
      return true
    },

    /** Something was heard that is no message of this match. */
    strayed: (): void => void fault('strayed'),

    /** Whether a member is yet to hear something that another has sent. */
    isOwed: (by: number, from: number): boolean => laneOf(by, from).owed.size > 0,

    /** Whether a member has heard the last message of another, and all that is due. */
    hasAll(by: number, from: number): boolean {
      const { owed, isDone } = laneOf(by, from)
      return isDone && owed.size === 0
    },

    /** The server ended the match: messages that have not arrived are cut off, and none is due any more. */
    cut(): void {
      if (isCut) return
      isCut = true
      for (const { owed } of lanes.values()) counts.cutOff += owed.size
    },
  }
}
