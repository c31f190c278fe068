import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import type { Ratings } from '../../src/lobby/ports.ts'
import { createOpenMatches } from '../../src/lobby/queue/matching/open-matches.ts'
import type { Backfill, Proposal } from '../../src/matchmaker/api.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import { openGate } from '../support/gate.ts'

const matchId = 'match' as MatchId
const open = { id: 'open', players: { min: 2, max: 3 }, lateJoin: true }
const quiet = () => {}

test('[QU10] [MT25] the room of a match is offered on its latest terms, however long ratings take to be read', async () => {
  const { modes } = readConfig({ modes: [open], titles: {}, regions: [], demo: false }, 'the test')
  const gate = openGate()
  const ratings: Ratings = { of: () => gate.pass(async () => ({ mu: 1_500, sigma: 1 })) }
  const offered: (Backfill | null)[] = []
  const rooms = createOpenMatches({
    modes,
    ratings,
    blocks: { of: () => [] },
    matchOf: () => undefined,
    offerRoom: (_, room) => void offered.push(room),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  })
  gate.shut()
  rooms.changed({ matchId, mode: 'open', teams: [[{ id: 'ann' as PlayerId, name: 'ann' }]], left: [] })
  const ticket = { id: 'ticket', mode: 'open', players: [{ id: 'ann', mu: 1_500 }], wants: { map: 'desert' } }
  const proposal: Proposal = { id: 'p1', mode: 'open', region: null, teams: [[ticket]], mismatch: 0, gap: 0 }
  rooms.matched(matchId, proposal)
  gate.open()
  await expect.poll(() => offered.length).toBe(2)
  expect(offered.map((room) => room?.wants)).toEqual([{ map: 'desert' }, { map: 'desert' }])
})

test('[QU51] a block offers the blocker’s own matches anew, and reads no other', async () => {
  const { modes } = readConfig({ modes: [open], titles: {}, regions: [], demo: false }, 'the test')
  const offered: MatchId[] = []
  const asked: PlayerId[] = []
  const rooms = createOpenMatches({
    modes,
    ratings: {
      of: async (_, { id }) => {
        asked.push(id)
        return { mu: 1_500, sigma: 1 }
      },
    },
    blocks: { of: () => [] },
    matchOf: (id) => (/^(ann|bob)[0-3]$|^ann4$/.test(id) ? (`m${id.at(-1)}` as MatchId) : undefined),
    offerRoom: (id) => void offered.push(id),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  })
  const named = (id: string) => ({ id: id as PlayerId, name: id })
  const teamsOf = (n: number) => [[named(`ann${n}`), named(`bob${n}`)]]
  for (let n = 0; n < 5; n += 1) {
    rooms.changed({ matchId: `m${n}` as MatchId, mode: 'open', teams: teamsOf(n), left: [] })
  }
  rooms.changed({ matchId: 'm4' as MatchId, mode: 'open', teams: [[named('ann4')]], left: ['bob4' as PlayerId] })
  await expect.poll(() => offered.length).toBeGreaterThanOrEqual(5)
  offered.length = 0
  asked.length = 0
  rooms.blocksChanged('ann3' as PlayerId)
  rooms.blocksChanged('bob4' as PlayerId)
  rooms.blocksChanged('nobody' as PlayerId)
  await expect.poll(() => offered).toEqual(['m3'])
  expect(asked).toEqual(['ann3', 'bob3'])
  for (let n = 0; n < 5; n += 1) rooms.ended(`m${n}` as MatchId)
  await expect.poll(() => rooms.size()).toBe(0)
})
