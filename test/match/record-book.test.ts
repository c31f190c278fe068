import { expect, test } from 'vitest'
import { mode } from '../../src/config/modes.ts'
import { NEWCOMER } from '../../src/match/results/ratings.ts'
import { createRecordBook } from '../../src/match/results/record-book.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { playerId } from '../support/openings.ts'

const duel = mode.parse({ id: 'duel', players: { min: 2, max: 2 }, rated: true })
const party = mode.parse({ id: 'party', players: { min: 2, max: 2 } })
const id = playerId('ann')

function openedBook() {
  const store = openMemoryMatchStore()
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  return { store, book: createRecordBook({ store, modes: new Map([['duel', duel]]), log }) }
}

test('[RA5] matchmaking sees 1,500 for a newcomer, or the backend’s rating, which is kept', async () => {
  const { store, book } = openedBook()
  expect(await book.of(duel, { id })).toEqual(NEWCOMER)
  expect(await store.ratings('duel', [id])).toEqual(new Map())
  expect(await book.of(duel, { id, rating: 1_800 })).toEqual({ mu: 1_800, sigma: 350 })
  expect(await book.of(duel, { id, rating: 2_000 })).toEqual({ mu: 1_800, sigma: 350 })
  expect(await book.of(duel, { id })).toEqual({ mu: 1_800, sigma: 350 })
})

test('[RA5] in a mode without ratings nothing is kept', async () => {
  const { store, book } = openedBook()
  expect(await book.of(party, { id })).toEqual(NEWCOMER)
  expect(await book.of(party, { id, rating: 1_800 })).toEqual({ mu: 1_800, sigma: 350 })
  expect(await store.player(id)).toBeNull()
})

test('[RA5] players seated without a queue get their first rating too', async () => {
  const { store, book } = openedBook()
  const open = book.seeding(
    async () => null,
    (playerId) => ({ id: playerId, rating: 1_700 }),
  )
  await open(party, [{ playerId: id, name: 'ann', queuedAt: 0 }])
  expect(await store.player(id)).toBeNull()
  await open(duel, [{ playerId: id, name: 'ann', queuedAt: 0 }])
  expect((await store.ratings('duel', [id])).get(id)).toEqual({ mu: 1_700, sigma: 350, matches: 0 })
})
