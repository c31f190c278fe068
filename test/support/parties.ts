import { expect } from 'vitest'
import type { Player } from './player.ts'
import type { World } from './world.ts'

/** A party of players with these names, the first of them its leader, without anything to hear. */
export async function partyOf(world: World, ...names: string[]) {
  const members: Player[] = []
  for (const name of names) members.push(await world.player(name))
  const { party } = await (members[0] as Player).asks('party:create')
  for (const member of members.slice(1)) {
    expect(await member.asks('party:join', { code: party.code })).toMatchObject({ ok: true })
  }
  for (const member of members) {
    await member.hears('party:state', (state) => state.party.members.length === names.length)
    member.forgets()
  }
  return { party, members: members as [Player, Player, Player] }
}
