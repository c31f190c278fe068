import { expect } from 'vitest'
import type { Player } from '../../support/player.ts'
import type { World } from '../../support/world.ts'

/** Players in one lobby: the first is its host, the others have joined by its code. */
export async function gathered(world: World, names: [string, ...string[]], wish: object = {}) {
  const host = await world.player(names[0])
  const created = await host.asks('lobby:create', { mode: 'duel', name: 'The Keep', visibility: 'public', ...wish })
  expect(created).toMatchObject({ ok: true })
  const group = [host]
  for (const name of names.slice(1)) {
    const player = await world.player(name)
    expect(await player.asks('lobby:join', { code: created.lobby.code })).toMatchObject({ ok: true })
    group.push(player)
  }
  for (const player of group) await forgetsNews(player)
  return { group: group as [Player, Player, Player, Player], lobby: created.lobby }
}

/** Looks away from all that the server has said so far. */
export async function forgetsNews(player: Player): Promise<void> {
  await player.heardSoFar('lobby:state')
  player.forgets()
}

/** All but the host say that they are ready. */
export async function ready(group: readonly Player[]): Promise<void> {
  for (const player of group.slice(1)) {
    expect(await player.asks('lobby:ready', { ready: true })).toMatchObject({ ok: true })
  }
}
export const refusal = (code: string) => ({ ok: false, error: { code } })
export const namesIn = (lobby: { members: { name: string }[] }): string[] => lobby.members.map(({ name }) => name)
