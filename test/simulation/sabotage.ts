import { rockPaperScissors } from '../../src/games/rock-paper-scissors.ts'
import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import type { MatchRecord, MatchStore } from '../../src/match/match-store.ts'
import { simulatedModes } from './modes.ts'
import type { Sabotage } from './parts.ts'

/** Changes every record that a new process finds. */
const onLoad = (change: (record: MatchRecord & { snapshot: MatchSnapshot }) => void) => (store: MatchStore) => ({
  ...store,
  async load() {
    const loaded = await store.load()
    for (const record of loaded.matches) change(record as MatchRecord & { snapshot: MatchSnapshot })
    return loaded
  },
})
const gossip: Sabotage = {
  modes: new Map(
    [...simulatedModes].map(([id, mode]) => [
      id,
      id === 'rps' ? { ...mode, rules: { ...rockPaperScissors, tell: ({ data }: { data?: unknown }) => data } } : mode,
    ]),
  ),
}

/** Services with one broken part, and the promise that it breaks. */
export const sabotages: [piece: string, promise: RegExp, sabotage: Sabotage][] = [
  [
    'a store that says yes before it has written',
    /stored/,
    {
      store: (store) => ({
        ...store,
        async commit(commit) {
          void store.commit(commit).catch(() => {})
          return true
        },
      }),
    },
  ],
  [
    'a core that tells before it commits',
    /MT12/,
    {
      store: (store, audience) => ({
        ...store,
        commit(commit) {
          void audience.tell(commit.matchId, commit.lines)
          return store.commit(commit)
        },
      }),
    },
  ],
  ['a room that lets nobody go', /MT10/, { audience: (audience) => ({ ...audience, release() {} }) }],
  ['a disk without fencing', /MT13|MT11/, { isWithoutFencing: true }],
  [
    'a memory for commands that a restart wipes out',
    /DL2/,
    {
      store: onLoad(({ snapshot }) => {
        snapshot.context.answered = {}
      }),
    },
  ],
  [
    'a service that forgets how long it was away',
    /ST2/,
    { store: (store) => ({ ...store, lastBeat: async () => null }) },
  ],
  [
    'a restart that loses a line of the log',
    /MT13|CL1|MT16/,
    {
      store: onLoad((record) => {
        record.seq -= 1
      }),
    },
  ],
  ['rules that tell what lies face down', /DL6|RU2/, gossip],
  [
    'ratings that forget the last match',
    /RA1/,
    { isCarelessWithRatings: true, store: (store) => ({ ...store, ratings: async () => new Map() }) },
  ],
  [
    'a store that forgets who has met whom',
    /RA20/,
    { store: (store) => ({ ...store, encounters: async () => new Map() }) },
  ],
  ['a process that does not notice that it stood still', /ST45/, { areStallsUnnoticed: true }],
  ['a store that never forgets', /CL1/, { store: (store) => ({ ...store, async remove() {} }) }],
]
