import { expect, test } from 'vitest'
import { newParty } from '../../../src/lobby/party/party.ts'
import { createRoster } from '../../../src/lobby/party/registry.ts'
import type { PartyId } from '../../../src/protocol/ids.ts'
import { playerId } from '../../support/openings.ts'

const [ann, bob] = ['ann', 'bob'].map((name) => ({ id: playerId(name), name })) as [
  { id: ReturnType<typeof playerId>; name: string },
  { id: ReturnType<typeof playerId>; name: string },
]

test('[PY4] a party is found by its code as it is now, and by none that it had before', () => {
  const roster = createRoster()
  const party = newParty('p1' as PartyId, 'FIRST', ann)
  roster.set(undefined, party)
  const renewed = { ...party, code: 'SECOND' }
  roster.set(party, renewed)
  expect([roster.withCode('FIRST'), roster.withCode('SECOND')]).toEqual([undefined, 'p1'])
  roster.set(renewed, { ...renewed, members: [] })
  expect([roster.withCode('SECOND'), roster.get(party.id), roster.partyOf(ann.id), roster.size()]).toEqual([
    undefined,
    undefined,
    undefined,
    0,
  ])
})

test('[PY1] a reserved place is taken, and is no membership', () => {
  const roster = createRoster()
  const party = newParty('p1' as PartyId, 'CODE', ann)
  roster.set(undefined, party)
  expect(roster.reserve(bob.id, party.id)).toBe(true)
  expect(roster.reserve(bob.id, 'p2' as PartyId)).toBe(false)
  expect(roster.partyOf(bob.id)).toBeUndefined()
  roster.release(bob.id)
  expect(roster.reserve(bob.id, party.id)).toBe(true)
})
