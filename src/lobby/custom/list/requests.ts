import type { Clock } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import type { Refusal } from '../../../protocol/reply.ts'
import { createRateLimit } from '../../../util/rate-limit.ts'
import { createPages, type PagesParts } from './pages.ts'
import type { Watching } from './watching.ts'

// The first reply to `lobby:watch` may weigh 600 KB.
const WATCHING = { burst: 10, everyMs: 1_000 }
// A search through fewer lobbies than this is free. The burst covers two searches through all lobbies, then one a second.
const FREE_LOOKS = 1_000
const SEARCHING = { burst: 40, everyMs: 50 }

interface RequestsParts extends PagesParts {
  watching: Watching
  clock: Clock
}

/** What players ask of the list, as often as they may. */
export function createListRequests({ listing, hides, watching, clock }: RequestsParts) {
  const pages = createPages({ listing, hides })
  const watches = createRateLimit<PlayerId>(clock, WATCHING)
  const searches = createRateLimit<PlayerId>(clock, SEARCHING)

  function list(playerId: PlayerId, asked: Parameters<typeof pages>[1]) {
    const tooMuch = searches.refusalFor(playerId)
    if (tooMuch) return tooMuch
    const { reply, looks } = pages(playerId, asked)
    if (looks >= FREE_LOOKS) searches.spend(playerId, Math.ceil(looks / FREE_LOOKS))
    return reply
  }

  const watch = (...wanted: Parameters<Watching['watch']>): Refusal | ReturnType<Watching['watch']> =>
    watches.take(wanted[0]) ?? watching.watch(...wanted)

  return { list, watch, unwatch: watching.unwatch }
}
