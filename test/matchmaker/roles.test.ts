import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RoleSets, rolesFilled, rolesOfEach } from '../../src/matchmaker/teams/roles.ts'
import { at, ticket } from './fuzz/table.ts'

const name = fc.constantFrom('tank', 'heal', 'damage', 'bard', 'scout')
const takes = fc.option(fc.uniqueArray(name, { maxLength: 3 }), { nil: undefined })
const player = fc.record({ id: fc.constant('p'), mu: fc.constant(0), roles: takes }, { requiredKeys: ['id', 'mu'] })
const asking = fc.record(
  { players: fc.array(player, { minLength: 1, maxLength: 4 }), roles: takes },
  { requiredKeys: ['players'] },
)

test('sets of roles and a matching of players with roles agree on who can fill them', () => {
  const agree = (roles: string[], tickets: Parameters<RoleSets['areFilled']>[0], teams: number, free: number) => {
    const players = tickets.flatMap(rolesOfEach)
    const wanted = Array.from({ length: teams }, () => roles).flat()
    const isFilled = rolesFilled(players, wanted) >= Math.min(wanted.length, players.length + free) - free
    expect(new RoleSets(roles).areFilled(tickets, teams, free)).toBe(isFilled)
  }
  const some = fc.array(name, { minLength: 1, maxLength: 5 })
  const plain = (one: object) => JSON.parse(JSON.stringify(one))
  const tickets = fc.array(asking.map(plain), { maxLength: 6 })
  fc.assert(fc.property(some, tickets, fc.integer({ min: 1, max: 3 }), fc.nat(4), agree), { numRuns: 500 })
})

test('more roles than are looked at as sets are filled all the same', () => {
  const many = Array.from({ length: 40 }, (_, n) => `r${n}`)
  const one = (role: string) => ({ players: [{ id: role, mu: 0 }], roles: [role] })
  const sets = new RoleSets(many)
  expect(sets.areFilled(many.map(one), 1, 0)).toBe(true)
  expect(sets.areFilled([...many.slice(1).map(one), one('r39')], 1, 0)).toBe(false)
})

// Three parties have all the healers that six teams want, and a hundred million groups can be made around them.
test('[QU74] a search for teams that can hardly have their roles comes to an end', () => {
  const matchmaker = at({ id: 'm', teams: 6, teamSize: 6, roles: { tank: 1, heal: 1 } })
  for (let n = 0; n < 30; n += 1) {
    const roles = n < 3 ? ['heal'] : ['tank', 'damage']
    matchmaker.add(ticket(`t${n}`, { mode: 'm', size: 2, mu: 1_000 + 40 * n, roles }), n)
  }
  expect(matchmaker.tick(200_000)).toEqual([])
  expect(matchmaker.nextAt()).toBeNull()
})
