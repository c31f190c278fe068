import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { type GameName, gameOf } from '../durable/games.ts'
import { openActors } from '../durable/muster.ts'

export interface Live {
  heapPerMatch: number
  rssPerMatch: number
  rss: number
  /** The most the process ever had, garbage included. */
  peakRss: number
}

/** Opens this many matches for two, plays this many actions in each, and measures their memory. */
export async function measureLive(name: GameName, { matches, acts }: { matches: number; acts: number }): Promise<Live> {
  const before = afterCollection()
  const { act, close } = await openActors(gameOf[name], openMemoryMatchStore(), matches)
  for (let n = 0; n < acts; n += 1) for (let match = 0; match < matches; match += 1) await act(match)
  const after = afterCollection()
  const peakRss = process.resourceUsage().maxRSS * 1_024
  await close()
  return {
    heapPerMatch: (after.heapUsed - before.heapUsed) / matches,
    rssPerMatch: (after.rss - before.rss) / matches,
    rss: after.rss,
    peakRss,
  }
}

function afterCollection(): NodeJS.MemoryUsage {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage()
}
