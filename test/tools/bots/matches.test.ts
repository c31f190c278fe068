import { expect, test } from 'vitest'
import { createFaults } from '../../../tools/bots/faults.ts'
import { createMatches } from '../../../tools/bots/ledger/matches.ts'

const duelOf = (...players: string[]) => ({
  matchId: 'm',
  seats: players.map((playerId, seat) => ({ seat, playerId })),
})

function watching(...bots: string[]) {
  const { blame, list } = createFaults()
  const matches = createMatches({ min: 2, max: 2 }, blame)
  for (const bot of bots) matches.admit(bot)
  return { matches, faults: () => list().map(({ what }) => what) }
}

test('two bots who were told of a match and find themselves in it are in order', () => {
  const { matches, faults } = watching('ann', 'bob')
  for (const bot of ['ann', 'bob']) matches.offered(bot, 'm')
  matches.played('ann', 0, duelOf('ann', 'bob'))
  matches.played('bob', 1, duelOf('ann', 'bob'))
  expect([matches.made(), matches.begun(), faults()]).toEqual([1, 1, []])
})

test('a match that was found and never played is made but not begun', () => {
  const { matches } = watching('ann')
  matches.offered('ann', 'm')
  expect([matches.made(), matches.begun()]).toEqual([1, 0])
})

test('a bot may play one match after another', () => {
  const { matches, faults } = watching('ann')
  matches.offered('ann', 'm1')
  matches.over('ann', 'm1')
  matches.offered('ann', 'm2')
  expect(faults()).toEqual([])
})

test('a bot with a seat in two matches at once is noticed, even when it is told that an older one is over', () => {
  const { matches, faults } = watching('ann')
  matches.offered('ann', 'm1')
  matches.over('ann', 'm0')
  matches.offered('ann', 'm2')
  expect(faults()).toEqual(['a bot was in two matches at once'])
})

const wrong: [string, ReturnType<typeof duelOf>, string][] = [
  ['a match with a player too few is noticed', duelOf('ann'), 'a match had the wrong number of seats'],
  ['a match with a player too many is noticed', duelOf('ann', 'bob', 'cid'), 'a match had the wrong number of seats'],
  ['a match against oneself is noticed', duelOf('ann', 'ann'), 'a player had two seats in one match'],
  ['a seat that is another’s is noticed', duelOf('bob', 'ann'), 'a bot did not find itself in the seat it was given'],
  ['a stranger is noticed', duelOf('ann', 'eve'), 'a player who is not one of the bots was in a match'],
  [
    'a player who was not told of the match is noticed',
    duelOf('ann', 'dan'),
    'a match had a player who was not told of it',
  ],
  [
    'two players on one seat are noticed',
    { matchId: 'm', seats: duelOf('ann', 'bob').seats.map((seat) => ({ ...seat, seat: 0 })) },
    'two players had the same seat',
  ],
  [
    'a match that the bot was not told of is noticed',
    { ...duelOf('ann', 'bob'), matchId: 'other' },
    'a bot played a match that it was not told of',
  ],
]
for (const [title, seating, fault] of wrong) {
  test(title, () => {
    const { matches, faults } = watching('ann', 'bob', 'cid', 'dan')
    for (const bot of ['ann', 'bob', 'cid']) matches.offered(bot, 'm')
    matches.played('ann', 0, seating)
    expect(faults()).toContain(fault)
  })
}
