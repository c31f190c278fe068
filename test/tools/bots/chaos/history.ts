import type { Answer, Asking, Diary, Entry, History, Line } from '../../../../tools/bots/chaos/check/history.ts'

type Fact = { type: Line['type'] } & Record<string, unknown>

export const MATCH = 'm1'
/** The server was killed once, at this instant, and was back a while later. */
export const KILLED_AT = 10_000
export const BACK_AT = 13_000
export const LAST_KILL_AT = 30_000

/** A line of the log of the match, written a second after the one before; the kill came after the seventh. */
export const line = (seq: number, fact: Fact): Line => {
  const isLater = seq > 7
  const at = (isLater ? BACK_AT : 2_000) + seq * 100
  return { matchId: MATCH, epoch: isLater ? 2 : 1, seq, at, ...fact } as unknown as Line
}
const tick = (seq: number, seat: number, n: number) =>
  line(seq, { type: 'action', seat, action: { type: 'tick', data: { n } } })

const log: Line[] = [
  line(1, { type: 'state.changed', state: 'gathering' }),
  line(2, { type: 'player.joined', seat: 0, playerId: 'ann', name: 'Ann' }),
  line(3, { type: 'player.joined', seat: 1, playerId: 'bob', name: 'Bob' }),
  line(4, { type: 'state.changed', state: 'playing' }),
  tick(5, 0, 1),
  tick(6, 1, 1),
  tick(7, 0, 2),
  line(8, { type: 'player.away', seat: 0, until: 20_000 }),
  line(9, { type: 'player.away', seat: 1, until: 20_000 }),
  line(10, { type: 'state.changed', state: 'playing' }),
  line(11, { type: 'player.back', seat: 0 }),
  line(12, { type: 'player.back', seat: 1 }),
  line(13, { type: 'property.set', seat: 0, key: 'word', value: 'hi', version: 1 }),
  tick(14, 1, 2),
]
const lineAt = (seq: number): Line => log[seq - 1] as Line

export const gone = (at: number): Entry => ({ at, is: 'disconnected' })
export const session = (at: number, matchId: string | null): Entry => ({ at, is: 'session', matchId })
const told = (at: number, matchId = MATCH): Entry => ({ at, is: 'told', matchId })
export const heard = (of: number | Line): Entry => {
  const it = typeof of === 'number' ? lineAt(of) : of
  return { at: it.at + 1, is: 'heard', matchId: it.matchId, line: it }
}
export const asked = (at: number, event: string, asking: Asking, reply: Answer | null): Entry => ({
  at,
  is: 'asked',
  event,
  asking,
  matchId: asking.matchId ?? MATCH,
  askedAt: at - 1,
  reply,
})
export const join = (at: number, seat: number, reply: Partial<Answer>, since?: Asking['since']): Entry =>
  asked(
    at,
    'match:join',
    { matchId: MATCH, ...(since && { since }) },
    { ok: true, you: { seat }, events: [], ...reply },
  )
export const act = (at: number, n: number, reply: Answer | null): Entry =>
  asked(at, 'match:act', { type: 'tick', data: { n }, id: `id-${n}` }, reply)
export const refused = (code: string): Answer => ({ ok: false, error: { code } })

/** Ann acted twice before the kill; the second ack was lost, and came when she asked again. */
const ann: Diary = {
  playerId: 'ann',
  entries: [
    session(1_000, null),
    told(2_000),
    join(2_210, 0, { epoch: 1, seq: 2 }),
    heard(3),
    heard(4),
    heard(5),
    act(2_502, 1, { ok: true, seq: 5 }),
    heard(6),
    act(9_999, 2, null),
    gone(KILLED_AT),
    session(14_000, MATCH),
    join(14_110, 0, { epoch: 2, seq: 11 }, { epoch: 1, seq: 6 }),
    act(14_150, 2, { ok: true, seq: 7 }),
    heard(12),
    heard(13),
    asked(14_310, 'match:set', { key: 'word', value: 'hi' }, { ok: true, version: 1 }),
    heard(14),
    asked(15_000, 'match:sync', { since: { epoch: 2, seq: 0 } }, { ok: true, epoch: 2, seq: 14, events: log }),
  ],
}
const bob: Diary = {
  playerId: 'bob',
  entries: [
    session(1_000, null),
    told(2_000),
    join(2_310, 1, { epoch: 1, seq: 3 }),
    heard(4),
    heard(5),
    heard(6),
    act(2_602, 1, { ok: true, seq: 6 }),
    heard(7),
    gone(KILLED_AT),
    session(14_000, MATCH),
    join(14_210, 1, { epoch: 2, seq: 12 }, { epoch: 1, seq: 7 }),
    heard(13),
    heard(14),
    act(14_402, 2, { ok: true, seq: 14 }),
  ],
}
const sound: History = {
  diaries: [ann, bob],
  stored: { matches: [{ matchId: MATCH, epoch: 2, seq: 14, lines: log }], results: [], damaged: [] },
  lives: [
    { readyAt: 0, killedAt: KILLED_AT },
    { readyAt: BACK_AT, killedAt: LAST_KILL_AT },
  ],
  graceMs: 6_000,
  joinMs: 10_000,
}

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T
/** The parts of a history, to be broken. */
export interface Draft {
  history: Mutable<History>
  ann: Entry[]
  bob: Entry[]
  /** The log in the store. */
  log: Line[]
}

/** A history in which all is well, and then this was done to it. */
export function historyWith(harm: (draft: Draft) => void = () => {}): History {
  // Through JSON, so that what is replayed and what is stored are two things.
  const history = JSON.parse(JSON.stringify(sound)) as Mutable<History>
  const [first, second] = history.diaries
  const [match] = history.stored.matches
  harm({
    history,
    ann: first?.entries as Entry[],
    bob: second?.entries as Entry[],
    log: match?.lines as unknown as Line[],
  })
  return history as unknown as History
}

/** The place of an entry that says this. */
export function placeOf(entries: readonly Entry[], isIt: (entry: Entry) => boolean): number {
  const place = entries.findIndex(isIt)
  if (place < 0) throw new Error('there is no such entry')
  return place
}
