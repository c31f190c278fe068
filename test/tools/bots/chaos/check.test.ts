import { expect, test } from 'vitest'
import { check } from '../../../../tools/bots/chaos/check/check.ts'
import type { Answer, Entry } from '../../../../tools/bots/chaos/check/history.ts'
import type { Kind } from '../../../../tools/bots/chaos/faults.ts'
import * as h from './history.ts'

type Harm = (draft: h.Draft) => void

/** Which promises were found broken, each once. */
function brokenBy(harm?: Harm): Kind[] {
  const { faults } = check(h.historyWith(harm))
  return [...new Set(faults.map(({ kind }) => kind))]
}
const hears = (seq: number) => (entry: Entry) => entry.is === 'heard' && entry.line.seq === seq
const repliesTo = (event: string, nth = 1) => {
  let count = 0
  return (entry: Entry) => entry.is === 'asked' && entry.event === event && ++count === nth
}
const insertAfter = (entries: Entry[], isIt: (entry: Entry) => boolean, ...added: Entry[]) =>
  void entries.splice(h.placeOf(entries, isIt) + 1, 0, ...added)
const replace = (entries: Entry[], isIt: (entry: Entry) => boolean, ...by: Entry[]) =>
  void entries.splice(h.placeOf(entries, isIt), 1, ...by)

/** Nobody has seen the last line, beside the ack for it. */
function forgetTheLastLine({ ann, bob }: h.Draft): void {
  const tellsOfIt = (entry: Entry) => hears(14)(entry) || (entry.is === 'asked' && entry.event === 'match:sync')
  for (const entries of [ann, bob]) entries.splice(0, entries.length, ...entries.filter((one) => !tellsOfIt(one)))
}

/** Cuts the end off the log in the store. */
const cutTo =
  (seq: number): Harm =>
  ({ history, log }) => {
    log.length = seq
    Object.assign(history.stored.matches[0] ?? {}, { seq })
  }

test('a run in which all is well is found so, and counted', () => {
  expect(check(h.historyWith())).toEqual({
    faults: [],
    acked: 5,
    retried: 1,
    again: 1,
    unproven: 0,
    heard: 13,
    matches: 1,
    late: 0,
  })
})

const cases: [what: string, broken: Kind, harm: Harm][] = [
  ['the store lacks the end of a log', 'lost', cutTo(13)],
  [
    'an acked action is in no log at all',
    'lost',
    (draft) => {
      cutTo(13)(draft)
      forgetTheLastLine(draft)
    },
  ],
  [
    'the line of an ack says something else',
    'lost',
    ({ ann }) => replace(ann, repliesTo('match:act'), h.act(2_502, 1, { ok: true, seq: 4 })),
  ],
  [
    'the line of an ack is somebody else’s',
    'lost',
    ({ ann }) => replace(ann, repliesTo('match:act'), h.act(2_502, 1, { ok: true, seq: 6 })),
  ],
  [
    'a property that was acked has another value',
    'lost',
    ({ ann }) => {
      const set = { ok: true, version: 1 }
      replace(ann, repliesTo('match:set'), h.asked(14_310, 'match:set', { key: 'word', value: 'ho' }, set))
    },
  ],
  [
    'a property that was acked is not in the log',
    'lost',
    ({ ann }) => {
      const set = { ok: true, version: 2 }
      replace(ann, repliesTo('match:set'), h.asked(14_310, 'match:set', { key: 'word', value: 'hi' }, set))
    },
  ],
  [
    'a line that was heard is not in the store',
    'lost',
    ({ bob }) => void bob.push(h.heard(h.line(15, { type: 'player.back', seat: 0 }))),
  ],
  [
    'a match stands behind what its player knew before the kill',
    'lost',
    ({ ann }) => replace(ann, repliesTo('match:join', 2), h.join(14_110, 0, { epoch: 2, seq: 5 })),
  ],
  [
    'a result that was told is not on record',
    'lost',
    ({ log, history }) => {
      const result = { outcome: 'completed', placements: [[0], [1]] }
      log.push(h.line(15, { type: 'result.final', ...result }))
      Object.assign(history.stored.matches[0] ?? {}, { seq: 15 })
    },
  ],

  [
    'an action is in the log twice',
    'duplicated',
    ({ log, history }) => {
      log.push(h.line(15, { type: 'action', seat: 1, action: { type: 'tick', data: { n: 2 } } }))
      Object.assign(history.stored.matches[0] ?? {}, { seq: 15 })
    },
  ],
  [
    'a line says one thing to one and another to the next',
    'duplicated',
    ({ bob }) => replace(bob, hears(14), h.heard(h.line(14, { type: 'player.back', seat: 1 }))),
  ],
  ['a line comes twice on one connection', 'duplicated', ({ bob }) => insertAfter(bob, hears(5), h.heard(5))],
  [
    'a line comes that the join had already told',
    'duplicated',
    ({ bob }) => insertAfter(bob, repliesTo('match:join', 2), h.heard(12)),
  ],
  [
    'the same id is acked as another line',
    'duplicated',
    ({ ann }) => insertAfter(ann, repliesTo('match:act', 3), h.act(14_160, 2, { ok: true, seq: 14 })),
  ],
  [
    'the same id is acked with another game',
    'duplicated',
    ({ ann }) => insertAfter(ann, repliesTo('match:act', 3), h.act(14_160, 2, { ok: true, seq: 7, game: { turn: 1 } })),
  ],
  [
    'an action that happened is refused when it is asked again',
    'duplicated',
    ({ ann }) => insertAfter(ann, repliesTo('match:act', 3), h.act(14_160, 2, h.refused('NOT_YOUR_TURN'))),
  ],

  ['a line is missing on a connection', 'gaps', ({ bob }) => void bob.splice(h.placeOf(bob, hears(5)), 1)],
  ['a line is missing right behind a join', 'gaps', ({ bob }) => void bob.splice(h.placeOf(bob, hears(13)), 1)],
  [
    'a line is missing in what is replayed',
    'gaps',
    ({ ann }) => {
      const sync = ann[h.placeOf(ann, repliesTo('match:sync'))]
      if (sync?.is === 'asked' && sync.reply) sync.reply = { ...sync.reply, events: sync.reply.events?.slice(1) ?? [] }
    },
  ],
  [
    'a line is missing in the store',
    'gaps',
    ({ log, ann, bob }) => {
      log.splice(7, 1)
      for (const entries of [ann, bob]) {
        const kept = entries.filter((entry) => !repliesTo('match:sync')(entry))
        entries.splice(0, entries.length, ...kept)
      }
    },
  ],

  [
    'a seat is forfeited before its player could come back',
    'false forfeits',
    ({ log, history }) => {
      log.splice(10, 4, h.line(11, { type: 'player.forfeited', seat: 1 }))
      Object.assign(history.stored.matches[0] ?? {}, { seq: 11 })
      history.diaries = []
    },
  ],
  [
    'a seat is forfeited after its player was back',
    'false forfeits',
    ({ log, history }) => {
      log.push(h.line(100, { type: 'player.forfeited', seat: 1 }))
      const forfeit = log.at(-1)
      Object.assign(forfeit ?? {}, { seq: 15 })
      Object.assign(history.stored.matches[0] ?? {}, { seq: 15 })
    },
  ],
  [
    'a seat counts as not taken before there was time to take it',
    'false forfeits',
    ({ log, history }) => {
      log.splice(1, 13, h.line(2, { type: 'player.left', seat: 1, why: 'noShow' }))
      Object.assign(history.stored.matches[0] ?? {}, { seq: 2 })
      history.diaries = []
    },
  ],

  [
    'a match is not resumed',
    'matches lost',
    ({ ann }) => replace(ann, (entry) => entry.is === 'session' && entry.at > h.BACK_AT, h.session(14_000, null)),
  ],
  [
    'another match is resumed',
    'matches lost',
    ({ ann }) => replace(ann, (entry) => entry.is === 'session' && entry.at > h.BACK_AT, h.session(14_000, 'm2')),
  ],
  ...(['NOT_FOUND', 'MATCH_ABORTED', 'MATCH_ENDED'] as const).map((code): (typeof cases)[number] => [
    `a match that goes on is ${code}`,
    'matches lost',
    ({ ann }) => {
      const again = h.asked(15_100, 'match:join', { matchId: h.MATCH }, h.refused(code))
      ann.push(h.gone(15_050), h.session(15_060, h.MATCH), again)
    },
  ]),
  [
    'a match is closed as aborted',
    'matches lost',
    ({ ann }) => void ann.push({ at: 15_100, is: 'closed', matchId: h.MATCH, outcome: 'aborted' }),
  ],
  ['a match that did not end is not on record', 'matches lost', ({ history }) => void history.stored.matches.pop()],
  ['a match was set aside', 'matches lost', ({ history }) => void history.stored.damaged.push(h.MATCH)],

  ['an epoch goes back in the log', 'other', ({ log }) => void Object.assign(log[13] ?? {}, { epoch: 1 })],
  [
    'a process goes on under the epoch of the one before',
    'other',
    ({ log }) => {
      for (const line of log) Object.assign(line, { epoch: 1 })
    },
  ],
  [
    'a client is in an older epoch than before',
    'other',
    ({ ann }) => void ann.push(h.join(15_100, 0, { epoch: 1, seq: 14 })),
  ],
  [
    'a line comes to someone who is not in the match',
    'other',
    ({ ann }) => insertAfter(ann, (entry) => entry.is === 'told', h.heard(1)),
  ],
  [
    'a later action of a bot is in the log before an earlier one',
    'other',
    ({ log }) => {
      const [a, b] = [log[4], log[6]]
      if (a?.type === 'action' && b?.type === 'action') [a.action, b.action] = [b.action, a.action]
    },
  ],
  ['a version of a property is left out', 'other', ({ log }) => void Object.assign(log[12] ?? {}, { version: 2 })],
]
test.each(cases)('it is seen when %s', (_what, broken, harm) => {
  expect(brokenBy(harm)).toContain(broken)
})

const harmless: [what: string, harm: Harm][] = [
  [
    'a sync of the match before is answered after the join of the next',
    ({ bob }) => {
      const view = { matchId: 'm0' } as unknown as NonNullable<Answer['match']>
      const sync = h.asked(
        14_220,
        'match:sync',
        { matchId: 'm0', since: { epoch: 1, seq: 9 } },
        { ok: true, epoch: 1, seq: 9, events: [], match: view },
      )
      insertAfter(bob, repliesTo('match:join', 2), sync)
    },
  ],
  [
    'a match that ended is not resumed',
    ({ log, history, ann }) => {
      log.push(h.line(15, { type: 'state.changed', state: 'ended' }))
      Object.assign(history.stored.matches[0] ?? {}, { seq: 15 })
      const again = h.asked(20_100, 'match:join', { matchId: h.MATCH }, h.refused('MATCH_ENDED'))
      ann.push(h.gone(20_000), h.session(20_050, null), again)
    },
  ],
  [
    'nobody saw a match end, and its result is on record',
    ({ history, ann }) => {
      history.stored.matches = []
      history.stored.results = [{ matchId: h.MATCH, placements: [[0], [1]] }]
      ann.push(h.gone(20_000), h.session(20_050, null))
    },
  ],
  [
    'a player who left for good is in no match',
    ({ ann }) => void ann.push(h.asked(15_100, 'match:leave', {}, { ok: true }), h.session(15_200, null)),
  ],
  [
    'the own view of the game comes live and is not replayed',
    ({ bob }) => {
      const live = bob[h.placeOf(bob, hears(14))]
      if (live?.is === 'heard') live.line = { ...live.line, game: { turn: 0 } } as typeof live.line
    },
  ],
  [
    'a set that got no reply is in the log',
    ({ ann }) => replace(ann, repliesTo('match:set'), h.asked(14_310, 'match:set', { key: 'word', value: 'hi' }, null)),
  ],
]
test.each(harmless)('it is no fault when %s', (_what, harm) => {
  expect(check(h.historyWith(harm)).faults).toEqual([])
})

test('a bot that stays away longer than the grace is late, and forfeits rightly', () => {
  const late = check(
    h.historyWith(({ log, history }) => {
      const forfeit = { ...h.line(11, { type: 'player.forfeited', seat: 1 }), at: h.BACK_AT + 7_000 }
      log.splice(10, 4, forfeit)
      Object.assign(history.stored.matches[0] ?? {}, { seq: 11 })
      history.diaries = []
    }),
  )
  expect(late).toMatchObject({ faults: [], late: 1 })
})

test('the time in which there was no server does not count against a player', () => {
  const broken = brokenBy(({ log, history }) => {
    const forfeit = { ...h.line(11, { type: 'player.forfeited', seat: 1 }), at: 24_000 }
    log.splice(10, 4, forfeit)
    Object.assign(history.stored.matches[0] ?? {}, { seq: 11 })
    history.diaries = []
    history.lives = [
      { readyAt: 0, killedAt: h.KILLED_AT },
      { readyAt: h.BACK_AT, killedAt: 15_000 },
      { readyAt: 23_000, killedAt: h.LAST_KILL_AT },
    ]
  })
  expect(broken).toContain('false forfeits')
})

test('an ack is counted as unproven while no bot has seen its log', () => {
  const { faults, unproven } = check(
    h.historyWith((draft) => {
      draft.history.stored.matches = []
      draft.history.stored.results = [{ matchId: h.MATCH, placements: [[0], [1]] }]
      forgetTheLastLine(draft)
    }),
  )
  expect({ faults, unproven }).toEqual({ faults: [], unproven: 1 })
})

test('a match that all its players deserted for a whole grace was not lost', () => {
  const { faults } = check(
    h.historyWith(({ history, ann, bob }) => {
      for (const entries of [ann, bob]) entries.push(h.gone(16_000))
      ann.push(h.session(28_000, null), h.asked(28_100, 'match:join', { matchId: h.MATCH }, h.refused('NOT_FOUND')))
      history.stored.matches = []
    }),
  )
  expect(faults).toEqual([])
})
