import { openWire, type Wire } from '../relay/wire.ts'
import type { Scene } from './attacks.ts'

/** The argument of the process. */
export interface CrowdOrders {
  url: string
  scene: Scene
  /** The number of tickets or lobbies to make. */
  size: number
}

const AT_ONCE = 50
/** More than the placement matches, and as many as a profile shows. */
const RATED_MATCHES = 20
const RANKED_PLAYERS = 60

interface Guest {
  wire: Wire
  id: string
  token: string
}

async function arrive(url: string): Promise<Guest> {
  const wire = await openWire(url)
  const session = wire.next<{ playerId: string; token: string }>('/lobby', 'session')
  await wire.connect('/lobby')
  const { playerId, token } = await session
  return { wire, id: playerId, token }
}

/** Connects this many clients, some at once, and lets each do something; resolves to them. */
async function gather(url: string, size: number, each: (guest: Guest) => Promise<unknown>): Promise<Guest[]> {
  const guests: Guest[] = []
  for (let first = 0; first < size; first += AT_ONCE) {
    const some = await Promise.all(Array.from({ length: Math.min(AT_ONCE, size - first) }, () => arrive(url)))
    await Promise.all(some.map(each))
    guests.push(...some)
  }
  return guests
}

/** Every client plays one rated match, step by step: a late one finds its opponent there. */
async function playRated(guests: readonly Guest[]): Promise<void> {
  const all = <T>(step: (guest: Guest) => Promise<T>) => Promise.all(guests.map(step))
  const found = all(({ wire }) => wire.next<{ matchId: string }>('/lobby', 'match:found'))
  await all(({ wire }) => wire.ask('/lobby', 'queue:join', { mode: 'ranked' }))
  const matches = await found
  await Promise.all(guests.map(({ wire }, n) => wire.ask('/match', 'match:join', { matchId: matches[n]?.matchId })))
  await all(({ wire }) => wire.ask('/match', 'match:finish', { result: { placements: [[0], [1]] } }))
  await all(({ wire }) => wire.ask('/match', 'match:leave', {}))
}

/** Prepares the row, and resolves to the id of a player on the leaderboard if the row needs one. */
async function setScene({ url, scene, size }: CrowdOrders): Promise<string> {
  if (scene === 'queue') {
    await gather(url, size, ({ wire }) => wire.ask('/lobby', 'queue:join', { mode: 'lonely', roles: ['tank'] }))
    return ''
  }
  if (scene === 'lobbies') {
    const lobby = { mode: 'pair', name: 'Łódź and the world', visibility: 'public' }
    await gather(url, size, ({ wire }) => wire.ask('/lobby', 'lobby:create', lobby))
    return ''
  }
  const guests = await gather(url, RANKED_PLAYERS, ({ wire, token }) => wire.connect('/match', { token }))
  for (let n = 0; n < RATED_MATCHES; n += 1) await playRated(guests)
  return guests[0]?.id ?? ''
}

process.on('disconnect', () => process.exit())
process.send?.(await setScene(JSON.parse(process.argv[2] ?? '{}')))
