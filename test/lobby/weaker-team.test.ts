import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const SECRET = 'the secret of the game backend'
const mode = {
  id: 'trios',
  teams: { count: 2, size: 3, minSize: 2 },
  lateJoin: true,
  countdownMs: 0,
  matchmaking: { fillMs: 0 },
}

/** A player of whom the game's backend says how strong they are. */
async function rated(world: World, name: string, rating: number): Promise<Player> {
  const token = await new SignJWT({ sub: name, name, rating })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(4_000_000_000)
    .sign(new TextEncoder().encode(SECRET))
  return world.stranger({ token }).arrive()
}

/** Two of each of these ratings, against each other; the team of the first two. */
async function playing(world: World, ratings: readonly [number, number]): Promise<number> {
  const group: Player[] = []
  for (const rating of ratings) {
    const [leader, mate] = [await rated(world, `a${rating}`, rating), await rated(world, `b${rating}`, rating)]
    const { party } = await leader.asks('party:create')
    await mate.asks('party:join', { code: party.code })
    expect(await leader.asks('queue:join', { mode: 'trios' })).toMatchObject({ ok: true })
    group.push(leader, mate)
  }
  await world.clock.advance(2_000)
  const found = await Promise.all(group.map((player) => player.hears('match:found')))
  expect(new Set(found.map(({ matchId }) => matchId)).size).toBe(1)
  for (const player of group) await player.joins(found[0].matchId)
  expect(found.map(({ team }) => team === found[0].team)).toEqual([true, true, false, false])
  return found[0].team
}

for (const late of [1_600, 1_400]) {
  test(`[QU40] by the ratings of the backend, a ${late} who comes late joins the 1400s against 1600s`, async () => {
    const world = await startWorld({ modes: [mode], env: { JWT_SECRET: SECRET } })
    const weaker = await playing(world, [1_400, 1_600])
    const eve = await rated(world, 'eve', late)
    expect(await eve.asks('queue:join', { mode: 'trios' })).toMatchObject({ ok: true })
    await world.clock.advance(2_000)
    expect(await eve.hears('match:found')).toMatchObject({ team: weaker })
  })

  test(`[QU40] the order in which they came does not matter to a ${late}`, async () => {
    const world = await startWorld({ modes: [mode], env: { JWT_SECRET: SECRET } })
    const stronger = await playing(world, [1_600, 1_400])
    const eve = await rated(world, 'eve', late)
    expect(await eve.asks('queue:join', { mode: 'trios' })).toMatchObject({ ok: true })
    await world.clock.advance(2_000)
    expect(await eve.hears('match:found')).toMatchObject({ team: 1 - stronger })
  })
}
