import { expect, test } from 'vitest'
import { newParty } from '../../../src/lobby/party/party.ts'
import { createPartyRegistry } from '../../../src/lobby/party/registry.ts'
import type { PartyId } from '../../../src/protocol/ids.ts'
import { playerId } from '../../support/openings.ts'

const [ann, bob] = ['ann', 'bob'].map((name) => ({ id: playerId(name), name })) as [
  { id: ReturnType<typeof playerId>; name: string },
  { id: ReturnType<typeof playerId>; name: string },
]

test('[PY4] a party is found by its code as it is now, and by none that it had before', () => {
  const registry = createPartyRegistry()
  const party = newParty('p1' as PartyId, 'FIRST', ann)
  registry.set(undefined, party)
  const renewed = { ...party, code: 'SECOND' }
  registry.set(party, renewed)
  expect([registry.withCode('FIRST'), registry.withCode('SECOND')]).toEqual([undefined, 'p1'])
  registry.set(renewed, { ...renewed, members: [] })
  expect([registry.withCode('SECOND'), registry.get(party.id), registry.partyOf(ann.id), registry.size()]).toEqual([
    undefined,
    undefined,
    undefined,
    0,
  ])
})

test('[PY1] a reserved place is taken, and is no membership', () => {
  const registry = createPartyRegistry()
  const party = newParty('p1' as PartyId, 'CODE', ann)
  registry.set(undefined, party)
  expect(registry.reserve(bob.id, party.id)).toBe(true)
  expect(registry.reserve(bob.id, 'p2' as PartyId)).toBe(false)
  expect(registry.partyOf(bob.id)).toBeUndefined()
  registry.release(bob.id)
  expect(registry.reserve(bob.id, party.id)).toBe(true)
})
