import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { newParty, type Party, type PartyCommand, stepParty } from '../../../src/lobby/party/party.ts'
import type { PartyId } from '../../../src/protocol/ids.ts'
import { playerId } from '../../support/openings.ts'

const someone = (name: string) => ({ id: playerId(name), name })
const [ann, bob, cat] = [someone('ann'), someone('bob'), someone('cat')]
const partyOf = (...members: { id: ReturnType<typeof playerId>; name: string }[]): Party => ({
  ...newParty('p1' as PartyId, 'CODE', ann),
  members,
})

test.each<[what: string, command: PartyCommand, code: string]>([
  ['a stranger leaves', { type: 'leave', playerId: cat.id }, 'NOT_IN_PARTY'],
  ['a stranger kicks', { type: 'kick', by: cat.id, playerId: bob.id, newCode: 'NEW' }, 'NOT_IN_PARTY'],
  ['a member kicks', { type: 'kick', by: bob.id, playerId: ann.id, newCode: 'NEW' }, 'NOT_PARTY_LEADER'],
  ['the leader kicks a stranger', { type: 'kick', by: ann.id, playerId: cat.id, newCode: 'NEW' }, 'NOT_FOUND'],
  ['the leader kicks herself', { type: 'kick', by: ann.id, playerId: ann.id, newCode: 'NEW' }, 'BAD_REQUEST'],
  ['a member promotes', { type: 'promote', by: bob.id, playerId: bob.id }, 'NOT_PARTY_LEADER'],
  ['the leader promotes a stranger', { type: 'promote', by: ann.id, playerId: cat.id }, 'NOT_FOUND'],
  ['a member joins', { type: 'join', player: bob, code: 'CODE' }, 'ALREADY_IN_PARTY'],
  ['somebody joins by an old code', { type: 'join', player: cat, code: 'OLD' }, 'INVITE_INVALID'],
])('[PY4] refused: %s', (_what, command, code) => {
  expect(stepParty(partyOf(ann, bob), command)).toMatchObject({ ok: false, error: { code } })
})

test('[PY4] a kick changes the code, and a promotion the leader', () => {
  const kicked = stepParty(partyOf(ann, bob), { type: 'kick', by: ann.id, playerId: bob.id, newCode: 'NEW' })
  expect(kicked).toMatchObject({ code: 'NEW', leaderId: ann.id, members: [ann] })
  const promoted = stepParty(partyOf(ann, bob), { type: 'promote', by: ann.id, playerId: bob.id })
  expect(promoted).toMatchObject({ code: 'CODE', leaderId: bob.id, members: [ann, bob] })
})

test('[PY5] the leader’s successor is the member who has been in longest', () => {
  const next = stepParty(partyOf(ann, bob, cat), { type: 'leave', playerId: ann.id })
  expect(next).toMatchObject({ leaderId: bob.id, members: [bob, cat] })
})

test('[PY1] [PY5] whatever happens, a party has at most ten members, each once, and one of them leads', () => {
  const names = Array.from({ length: 14 }, (_, n) => someone(`player-${n}`))
  const anyone = fc.constantFrom(...names)
  const command: fc.Arbitrary<PartyCommand> = fc.oneof(
    fc.record({ type: fc.constant('join' as const), player: anyone, code: fc.constantFrom('CODE', 'NEW') }),
    fc.record({ type: fc.constant('leave' as const), playerId: anyone.map(({ id }) => id) }),
    fc.record({
      type: fc.constant('kick' as const),
      by: anyone.map(({ id }) => id),
      playerId: anyone.map(({ id }) => id),
      newCode: fc.constant('NEW'),
    }),
    fc.record({
      type: fc.constant('promote' as const),
      by: anyone.map(({ id }) => id),
      playerId: anyone.map(({ id }) => id),
    }),
  )
  const holds = (commands: PartyCommand[]): void => {
    let party = newParty('p1' as PartyId, 'CODE', names[0] ?? ann)
    for (const one of commands) {
      const next = stepParty(party, one)
      if ('ok' in next) continue
      party = next
      const ids = party.members.map(({ id }) => id)
      if (ids.length === 0) return
      expect(ids.length).toBeLessThanOrEqual(10)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids).toContain(party.leaderId)
    }
  }
  fc.assert(fc.property(fc.array(command, { maxLength: 80 }), holds))
})
